// A text in each language of the flow.
import { Input, Stack, Textarea } from "@mantine/core";
import { tableOf } from "../model/catalogue";
import { useFlow } from "../model/editor";
import type { FieldProps } from "./field";
import { useLanguageName } from "./language_name";

const LENGTH_MAX = 1000;

export function WordsInput({ spec, value, error, onChange }: FieldProps) {
  return (
    <Input.Wrapper
      label={spec.title}
      description={spec.about}
      withAsterisk={spec.required}
      error={error}
    >
      <Words value={value} onChange={onChange} name={spec.title} />
    </Input.Wrapper>
  );
}

export function Words({
  value,
  onChange,
  name,
}: {
  value: unknown;
  onChange(value: unknown): void;
  name: string;
}) {
  const { languages } = useFlow();
  const nameOf = useLanguageName();
  const words = typeof value === "string" ? { [languages[0] ?? "en"]: value } : tableOf(value);
  const put = (language: string, text: string) => {
    const { [language]: _, ...rest } = words;
    const all = text === "" ? rest : { ...rest, [language]: text };
    onChange(Object.keys(all).length === 0 ? undefined : all);
  };
  return (
    <Stack gap={4} mt={4}>
      {languages.map((language) => (
        <Textarea
          key={language}
          aria-label={`${name}, ${nameOf(language)}`}
          leftSection={<small>{language}</small>}
          autosize
          minRows={1}
          maxRows={6}
          maxLength={LENGTH_MAX}
          lang={language.replace("_", "-")}
          value={String(words[language] ?? "")}
          onChange={(event) => put(language, event.currentTarget.value)}
        />
      ))}
    </Stack>
  );
}
