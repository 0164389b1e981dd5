// The search through the whole tree of outcomes. Houses with few outcomes never load it.
import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { labelOf, matches, type Outcome } from "@/state/dispositions";

interface Props {
  outcomes: Outcome[];
  value: string;
  error: string;
  onChange: (code: string) => void;
}

export function OutcomeSearch({ outcomes, value, error, onChange }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const known = new Map(outcomes.map((one) => [one.code, one]));
  return (
    <Select
      label={t("wrapUp.disposition")}
      placeholder={t("wrapUp.search")}
      withAsterisk
      searchable
      nothingFoundMessage={t("palette.nothing")}
      data={outcomes.map((one) => ({ value: one.code, label: labelOf(one, language) }))}
      filter={({ options, search }) =>
        options.filter((option) => {
          const outcome = "value" in option ? known.get(option.value) : undefined;
          return outcome !== undefined && matches(outcome, search);
        })
      }
      value={value || null}
      onChange={(code) => onChange(code ?? "")}
      error={error || undefined}
    />
  );
}
