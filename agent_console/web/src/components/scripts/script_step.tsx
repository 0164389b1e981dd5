// One step of a script: its text, and the answers or the field that lead on. Used on the desk and in the
// administrator's preview.
import { Button, Group, NumberInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ScriptStep } from "@/wire/knowledge";
import { spoken } from "./run";

interface Props {
  step: ScriptStep;
  names: Readonly<Record<string, string>>;
  /** What was answered here before, when one came back. */
  before?: string;
  disabled?: boolean;
  onSaid: (answer: string) => void;
}

export function ScriptStepView({ step, names, before = "", disabled = false, onSaid }: Props) {
  return (
    <Stack gap="sm" data-testid="script-step" data-step={step.code}>
      {step.title && (
        <Title order={4} size="h5">
          {step.title}
        </Title>
      )}
      {step.text && (
        <Text size="lg" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {spoken(step.text, names)}
        </Text>
      )}
      {step.ask === "choice" ? (
        <Group gap="xs">
          {step.answers.map((answer) => (
            <Button
              key={answer.label}
              variant={answer.label === before ? "filled" : "light"}
              disabled={disabled}
              onClick={() => onSaid(answer.label)}
            >
              {answer.label}
            </Button>
          ))}
        </Group>
      ) : (
        <Typed key={step.code} step={step} before={before} disabled={disabled} onSaid={onSaid} />
      )}
    </Stack>
  );
}

function Typed({
  step,
  before,
  disabled,
  onSaid,
}: {
  step: ScriptStep;
  before: string;
  disabled: boolean;
  onSaid: (answer: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(before);
  const label = t("script.answer");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSaid(step.ask === "nothing" ? "" : text.trim());
  };
  return (
    <form onSubmit={submit}>
      <Group align="flex-end" gap="xs">
        {step.ask === "number" && (
          <NumberInput
            label={label}
            flex={1}
            value={text}
            onChange={(value) => setText(String(value))}
          />
        )}
        {(step.ask === "text" || step.ask === "date") && (
          <TextInput
            label={label}
            flex={1}
            type={step.ask === "date" ? "date" : "text"}
            maxLength={2_000}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
        <Button type="submit" disabled={disabled} rightSection={<IconArrowRight size={16} />}>
          {t("script.next")}
        </Button>
      </Group>
    </form>
  );
}
