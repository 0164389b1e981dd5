// One setting of a node as an input, by its shape. What is empty is taken away, so that the usual value
// holds; what is wrong is said below the input, where the server's check finds it.
import { NumberInput, Select, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { FieldSpec } from "../model/catalogue";
import { NameInput } from "./name_input";
import { SpeechInput } from "./speech_input";
import { TableInput } from "./table_input";
import { WordsInput } from "./words_input";

export interface FieldProps {
  spec: FieldSpec;
  value: unknown;
  error: string | undefined;
  /** `undefined`: nothing is written. */
  onChange(value: unknown): void;
  /** A key of a table was changed from one to another. */
  onRenameKey(from: string, to: string): void;
}

const KEYS = [..."1234567890*#"];
const asText = (value: unknown): string =>
  value === undefined || value === null ? "" : String(value);

export function FieldInput(props: FieldProps) {
  const { spec, value, error, onChange } = props;
  const { t } = useTranslation();
  const usual = spec.usual === undefined || spec.usual === "" ? "" : asText(spec.usual);
  const common = {
    label: spec.title,
    description: spec.about,
    withAsterisk: spec.required,
    error,
  };
  switch (spec.shape) {
    case "speech":
      return <SpeechInput {...props} />;
    case "words":
      return <WordsInput {...props} />;
    case "table":
      return <TableInput {...props} />;
    case "name":
      return <NameInput {...common} of={spec.names} value={asText(value)} onChange={onChange} />;
    case "yes-no":
      return (
        <Switch
          label={spec.title}
          description={spec.about}
          error={error}
          checked={(value ?? spec.usual) === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <Select
          {...common}
          data={spec.options.map((one) => ({ value: one, label: one || t("flow.nothing") }))}
          value={asText(value ?? spec.usual)}
          allowDeselect={false}
          onChange={(chosen) => onChange(chosen ?? undefined)}
        />
      );
    case "key":
      return (
        <Select
          {...common}
          data={KEYS}
          value={asText(value) || null}
          placeholder={usual}
          clearable={!spec.required}
          onChange={(chosen) => onChange(chosen ?? undefined)}
        />
      );
    case "number":
      return (
        <NumberInput
          {...common}
          value={value === undefined ? "" : Number(value)}
          placeholder={usual}
          {...(spec.least === null ? {} : { min: spec.least })}
          {...(spec.most === null ? {} : { max: spec.most })}
          clampBehavior="blur"
          allowDecimal={!spec.whole}
          onChange={(typed) => onChange(typed === "" ? undefined : Number(typed))}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          className={spec.shape === "expression" ? "fd-code" : ""}
          value={asText(value)}
          placeholder={usual}
          maxLength={spec.lengthMax ?? 1000}
          spellCheck={spec.shape !== "expression"}
          onChange={(event) => onChange(event.currentTarget.value || undefined)}
        />
      );
  }
}
