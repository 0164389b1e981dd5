// The own fields of customers: their list and the form of one.
import { Badge, Checkbox, Select, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { customerFieldsQuery } from "@/components/crm/queries";
import { nameOf, useLanguage } from "@/state/choices";
import { putCustomerField, removeCustomerField } from "@/wire/crm";
import type { OwnField } from "@/wire/rest";
import { choicesFrom, choicesText } from "./choices_text";
import { DefineForm } from "./define_form";
import { DefinedList } from "./defined_list";

const KINDS = ["text", "number", "date", "choice", "yesno"] as const;

export function FieldDefinitions() {
  const { t } = useTranslation();
  const language = useLanguage();
  const query = useQuery(customerFieldsQuery);
  return (
    <DefinedList
      title={t("define.fields")}
      addLabel={t("define.fieldNew")}
      items={query.data}
      error={query.error}
      retry={() => void query.refetch()}
      keyOf={({ code }) => code}
      cells={(field) => [
        <Text key="name" fw={600} size="sm">
          {nameOf(field, language)}
        </Text>,
        field.code,
        t(`fieldKind.${field.kind}`),
        field.required ? <Badge key="required">{t("define.required")}</Badge> : "",
      ]}
      form={(field, done) => <FieldForm field={field} onDone={done} />}
    />
  );
}

const EMPTY: OwnField = {
  code: "",
  name: "",
  name_zh: "",
  kind: "text",
  required: false,
  shown: false,
  choices: [],
  position: 0,
  version: 0,
};

function FieldForm({ field, onDone }: { field: OwnField | null; onDone: () => void }) {
  const { t } = useTranslation();
  const [value, setValue] = useState<OwnField>(field ?? EMPTY);
  const [choices, setChoices] = useState(choicesText(value.choices));
  const save = ({ position, version, ...body }: OwnField) =>
    putCustomerField(body.code, {
      field: { ...body, choices: body.kind === "choice" ? choicesFrom(choices) : [] },
      position,
      version,
    });
  return (
    <DefineForm
      value={value}
      isNew={field === null}
      onChange={setValue}
      save={save}
      remove={field === null ? undefined : () => removeCustomerField(field.code)}
      query="customer-fields"
      onDone={onDone}
    >
      <Stack gap="sm">
        <Select
          label={t("define.kind")}
          allowDeselect={false}
          data={KINDS.map((kind) => ({ value: kind, label: t(`fieldKind.${kind}`) }))}
          value={value.kind}
          onChange={(kind) => setValue({ ...value, kind: (kind ?? "text") as OwnField["kind"] })}
        />
        {value.kind === "choice" && (
          <Textarea
            label={t("define.choices")}
            description={t("define.choicesHint")}
            autosize
            minRows={3}
            value={choices}
            onChange={(event) => setChoices(event.currentTarget.value)}
          />
        )}
        <Checkbox
          label={t("define.required")}
          checked={value.required}
          onChange={(event) => setValue({ ...value, required: event.currentTarget.checked })}
        />
        <Checkbox
          label={t("define.shown")}
          checked={value.shown}
          onChange={(event) => setValue({ ...value, shown: event.currentTarget.checked })}
        />
      </Stack>
    </DefineForm>
  );
}
