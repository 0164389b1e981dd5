// Own fields of a form or of a kind of tickets, as a list one can add to, change, order and take from.
import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  Select,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallForm } from "@/wire/rest";
import { choicesFrom, choicesText } from "../crm/choices_text";

export type Field = CallForm["fields"][number];

const KINDS = ["text", "number", "date", "choice", "yesno"] as const;
const FIELDS_MAX = 50;
export const EMPTY_FIELD: Field = {
  code: "",
  name: "",
  name_zh: "",
  kind: "text",
  required: false,
  shown: false,
  choices: [],
};

interface Props {
  fields: readonly Field[];
  onChange: (fields: Field[]) => void;
}

export function FieldsEditor({ fields, onChange }: Props) {
  const { t } = useTranslation();
  const put = (at: number, field: Field) =>
    onChange(fields.map((one, place) => (place === at ? field : one)));
  const up = (at: number) => {
    const next = [...fields];
    const [one] = next.splice(at, 1);
    if (one !== undefined) next.splice(at - 1, 0, one);
    onChange(next);
  };
  return (
    <Fieldset legend={t("fieldsEditor.title")}>
      <Stack gap="md">
        {fields.map((field, at) => (
          <FieldRow
            // biome-ignore lint/suspicious/noArrayIndexKey: the code changes while it is typed
            key={at}
            field={field}
            onChange={(next) => put(at, next)}
            onUp={at === 0 ? undefined : () => up(at)}
            onRemove={() => onChange(fields.filter((_, place) => place !== at))}
          />
        ))}
        <Group>
          <Button
            size="xs"
            variant="light"
            leftSection={<IconPlus size={14} />}
            disabled={fields.length >= FIELDS_MAX}
            onClick={() => onChange([...fields, EMPTY_FIELD])}
          >
            {t("define.fieldNew")}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

function FieldRow({
  field,
  onChange,
  onUp,
  onRemove,
}: {
  field: Field;
  onChange: (field: Field) => void;
  onUp: (() => void) | undefined;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const [choices, setChoices] = useState(() => choicesText(field.choices));
  const change = (part: Partial<Field>) => onChange({ ...field, ...part });
  return (
    <Stack gap={6} data-testid="field-row">
      <Group align="flex-end" gap="xs">
        <TextInput
          label={t("define.name")}
          required
          flex="1 1 140px"
          maxLength={80}
          value={field.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          label={t("define.nameZh")}
          flex="1 1 120px"
          maxLength={80}
          value={field.name_zh}
          onChange={(event) => change({ name_zh: event.currentTarget.value })}
        />
        <TextInput
          label={t("define.code")}
          required
          w={120}
          pattern="[a-z0-9_\-]{1,32}"
          value={field.code}
          onChange={(event) => change({ code: event.currentTarget.value })}
        />
        <Select
          label={t("define.kind")}
          w={130}
          allowDeselect={false}
          data={KINDS.map((kind) => ({ value: kind, label: t(`fieldKind.${kind}`) }))}
          value={field.kind}
          onChange={(kind) => {
            const next = KINDS.find((one) => one === kind) ?? "text";
            change({ kind: next, choices: next === "choice" ? choicesFrom(choices) : [] });
          }}
        />
        <ActionIcon
          variant="subtle"
          size={36}
          disabled={onUp === undefined}
          aria-label={t("fieldsEditor.up")}
          onClick={onUp}
        >
          <IconArrowUp size={16} />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="red"
          size={36}
          aria-label={t("fieldsEditor.remove")}
          onClick={onRemove}
        >
          <IconTrash size={16} />
        </ActionIcon>
      </Group>
      <Checkbox
        label={t("define.required")}
        checked={field.required}
        onChange={(event) => change({ required: event.currentTarget.checked })}
      />
      {field.kind === "choice" && (
        <Textarea
          label={t("define.choices")}
          description={t("define.choicesHint")}
          autosize
          minRows={2}
          value={choices}
          onChange={(event) => {
            setChoices(event.currentTarget.value);
            change({ choices: choicesFrom(event.currentTarget.value) });
          }}
        />
      )}
    </Stack>
  );
}
