// A moment in words, or that there was none.
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { moment as momentOf } from "@/wire/record";

export function useMoment(): (text: string | null) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return (text) =>
    text === null ? t("keyring.never") : moment(momentOf(text), serverNow(), language);
}
