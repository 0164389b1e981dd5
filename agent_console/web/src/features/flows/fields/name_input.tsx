// The name of something the centre has. With a list to choose from when it can be read; any other name
// may be typed too, and the check says whether it exists.
import { Autocomplete, Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useNames } from "./choices";

interface Props {
  of: string;
  label?: string;
  "aria-label"?: string;
  description?: string;
  withAsterisk?: boolean;
  error?: string | undefined;
  value: string;
  onChange(value: string | undefined): void;
}

/** Lists that are complete: what is not in them does not exist. */
const CLOSED = new Set(["queue", "flow", "language"]);

export function NameInput({ of, value, onChange, ...rest }: Props) {
  const { t } = useTranslation();
  const names = useNames(of);
  if (names !== null && CLOSED.has(of)) {
    const known = names.some((one) => one.value === value);
    const stranger = known || value === "" ? [] : [{ value, label: t("flow.unknown", { value }) }];
    return (
      <Select
        {...rest}
        data={[...names, ...stranger]}
        value={value || null}
        searchable
        clearable={rest.withAsterisk !== true}
        nothingFoundMessage={t("flow.noneFound")}
        onChange={(chosen) => onChange(chosen ?? undefined)}
      />
    );
  }
  return (
    <Autocomplete
      {...rest}
      data={(names ?? []).map((one) => one.value)}
      value={value}
      maxLength={64}
      onChange={(typed) => onChange(typed || undefined)}
    />
  );
}
