// Inputs for fields an administrator defined, in their order; used by customers and tickets.
import { NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { nameOf, useLanguage } from "@/state/choices";
import type { FieldLike } from "./own_text";

export type OwnValues = Record<string, unknown>;

interface Props {
  fields: readonly FieldLike[];
  values: OwnValues;
  errors?: Record<string, string>;
  onChange: (values: OwnValues) => void;
}

const TEXT_MAX = 2_000;
const LONG = 60;

export function OwnFields({ fields, values, errors = {}, onChange }: Props) {
  return (
    <>
      {fields.map((field) => (
        <OwnFieldInput
          key={field.code}
          field={field}
          value={values[field.code]}
          error={errors[field.code]}
          onChange={(value) => onChange({ ...values, [field.code]: value })}
        />
      ))}
    </>
  );
}

function OwnFieldInput({
  field,
  value,
  error,
  onChange,
}: {
  field: FieldLike;
  value: unknown;
  error: string | undefined;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const common = { label: nameOf(field, language), withAsterisk: field.required, error };
  const shown = value === undefined || value === null ? "" : String(value);
  if (field.kind === "number") {
    return <NumberInput {...common} value={shown} onChange={(typed) => onChange(typed)} />;
  }
  if (field.kind === "date") {
    return (
      <TextInput
        {...common}
        type="date"
        value={shown}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  if (field.kind === "choice" || field.kind === "yesno") {
    const data =
      field.kind === "choice"
        ? field.choices.map((one) => ({ value: one.code, label: nameOf(one, language) }))
        : [
            { value: "true", label: t("own.yes") },
            { value: "false", label: t("own.no") },
          ];
    return (
      <Select
        {...common}
        data={data}
        clearable={!field.required}
        searchable={data.length > 8}
        value={shown || null}
        onChange={(code) =>
          onChange(field.kind === "yesno" && code !== null ? code === "true" : (code ?? ""))
        }
      />
    );
  }
  return shown.length > LONG ? (
    <Textarea
      {...common}
      autosize
      maxRows={6}
      maxLength={TEXT_MAX}
      value={shown}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  ) : (
    <TextInput
      {...common}
      maxLength={TEXT_MAX}
      value={shown}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
