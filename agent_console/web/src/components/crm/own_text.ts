// Values of own fields as text, for reading.
import { useTranslation } from "react-i18next";
import { nameOf, useLanguage } from "@/state/choices";

export interface FieldLike {
  code: string;
  name: string;
  name_zh: string;
  kind: "text" | "number" | "date" | "choice" | "yesno";
  required: boolean;
  choices: readonly { code: string; name: string; name_zh: string }[];
}

/** The value as text, for reading; empty where there is none. */
export function useOwnText(): (field: FieldLike, value: unknown) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return (field, value) => {
    if (value === undefined || value === null || value === "") return "";
    if (typeof value === "boolean") return value ? t("own.yes") : t("own.no");
    const choice = field.choices.find((one) => one.code === value);
    return choice === undefined ? String(value) : nameOf(choice, language);
  };
}
