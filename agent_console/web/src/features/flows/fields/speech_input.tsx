// What is said: prompts by name with their words in each language, and values spoken between them. A
// prompt's words belong to the flow; every node that says it says the new ones.
import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  Input,
  Menu,
  Paper,
  Stack,
  TextInput,
} from "@mantine/core";
import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { tableOf } from "../model/catalogue";
import { edit, flowNow, useFlow } from "../model/editor";
import { freeId, type PromptWords } from "../model/flow";
import { useNames } from "./choices";
import type { FieldProps } from "./field";
import { Words } from "./words_input";

const VALUES = ["number", "digits", "date", "time", "money"] as const;
const PARTS_MAX = 20;

const partsOf = (value: unknown): unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

export function SpeechInput({ spec, value, error, onChange }: FieldProps) {
  const { t } = useTranslation();
  const parts = partsOf(value);
  const put = (changed: unknown[]) => {
    onChange(changed.length === 0 ? undefined : changed.length === 1 ? changed[0] : changed);
  };
  const at = (index: number, part: unknown) =>
    put(parts.map((one, i) => (i === index ? part : one)));
  const addPrompt = () => {
    const flow = flowNow();
    const id = freeId((one) => one in flow.prompts, `${flow.id}-${spec.name}`.slice(0, 40));
    edit("", (now) => ({ ...now, prompts: { ...now.prompts, [id]: {} } }));
    put([...parts, id]);
  };
  return (
    <Input.Wrapper
      labelElement="div"
      label={spec.title}
      description={spec.about}
      withAsterisk={spec.required}
      error={error}
    >
      <Stack gap={6} mt={4}>
        {parts.map((part, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name than their place
          <Paper key={index} withBorder p={6}>
            <Group gap={4} align="flex-start" wrap="nowrap">
              <div style={{ flex: 1, minWidth: 0 }}>
                <Part part={part} name={spec.title} onChange={(one) => at(index, one)} />
              </div>
              <Stack gap={2}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t("flow.removePart")}
                  onClick={() => put(parts.filter((_, i) => i !== index))}
                >
                  <IconTrash size={15} />
                </ActionIcon>
                {index > 0 && (
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    aria-label={t("flow.partUp")}
                    onClick={() =>
                      put(parts.toSpliced(index - 1, 2, parts[index], parts[index - 1]))
                    }
                  >
                    <IconArrowUp size={15} />
                  </ActionIcon>
                )}
              </Stack>
            </Group>
          </Paper>
        ))}
        {parts.length < PARTS_MAX && (
          <Group gap={6}>
            <Button
              size="compact-xs"
              variant="light"
              leftSection={<IconPlus size={13} />}
              onClick={addPrompt}
            >
              {t("flow.addPrompt")}
            </Button>
            <Menu>
              <Menu.Target>
                <Button size="compact-xs" variant="default">
                  {t("flow.addValue")}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {VALUES.map((as) => (
                  <Menu.Item key={as} onClick={() => put([...parts, { [as]: "" }])}>
                    {t(`flowValue.${as}`)}
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          </Group>
        )}
      </Stack>
    </Input.Wrapper>
  );
}

function Part({
  part,
  name,
  onChange,
}: {
  part: unknown;
  name: string;
  onChange(part: unknown): void;
}) {
  const { t } = useTranslation();
  const row = tableOf(part);
  if (typeof part === "string") return <PromptPart id={part} onChange={onChange} />;
  if (typeof row.prompt === "string") return <PromptPart id={row.prompt} onChange={onChange} />;
  if ("text" in row) {
    return (
      <Words value={row.text} name={name} onChange={(text) => onChange({ text: text ?? "" })} />
    );
  }
  const as = VALUES.find((one) => one in row) ?? "number";
  return (
    <Group gap={6} wrap="nowrap" align="flex-end">
      <TextInput
        className="fd-code"
        style={{ flex: 1 }}
        label={t(`flowValue.${as}`)}
        maxLength={500}
        value={String(row[as] ?? "")}
        onChange={(event) => onChange({ ...row, [as]: event.currentTarget.value })}
      />
      {as === "money" && (
        <TextInput
          w={70}
          label={t("flow.currency")}
          maxLength={3}
          value={String(row.currency ?? "")}
          onChange={(event) => {
            const { currency: _, ...rest } = row;
            const typed = event.currentTarget.value.toUpperCase();
            onChange(typed === "" ? rest : { ...rest, currency: typed });
          }}
        />
      )}
    </Group>
  );
}

function PromptPart({ id, onChange }: { id: string; onChange(part: unknown): void }) {
  const { t } = useTranslation();
  const flow = useFlow();
  const names = useNames("prompt") ?? [];
  const words = flow.prompts[id];
  const write = (fresh: unknown) =>
    edit(`prompt:${id}`, (now) => ({
      ...now,
      prompts: { ...now.prompts, [id]: (fresh ?? {}) as PromptWords },
    }));
  return (
    <>
      <Autocomplete
        size="xs"
        aria-label={t("flow.promptName")}
        data={names.map((one) => one.value)}
        maxLength={64}
        value={id}
        onChange={(typed) => onChange(typed)}
      />
      <Words value={words ?? {}} name={t("flow.promptWords")} onChange={write} />
    </>
  );
}
