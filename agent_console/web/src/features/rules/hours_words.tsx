// Open, closed, until when: said the same way everywhere on the page.
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { type Language, LOCALES } from "@/state/format";
import type { CalendarNow } from "@/wire/rules";

const COLORS = { open: "teal", closed: "gray", holiday: "orange", emergency: "red" } as const;

/** A moment on the clocks of a place. */
export function momentAt(at: string, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZone: zone,
  }).format(new Date(at));
}

export function dayName(day: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    weekday: "short",
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  }).format(new Date(`${day}T12:00:00Z`));
}

export function NowBadge({ now }: { now: CalendarNow }) {
  const { t } = useTranslation();
  return (
    <Badge color={COLORS[now.state]} variant="light" className="cc-badge">
      {t(`hoursState.${now.state}`)}
    </Badge>
  );
}

/** What follows, such as "closes Mon 18:00". */
export function useNextChange(): (now: CalendarNow, zone: string) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  return (now, zone) => {
    if (now.reason !== "") return now.reason;
    if (now.next_change === null) return "";
    const at = momentAt(now.next_change, zone, language);
    return t(now.state === "open" ? "hours.closesAt" : "hours.opensAt", { at });
  };
}
