// Figures and keys of reports as text. Pure but for the names, which are handed over.
import { count, duration, type Language, LOCALES } from "@/state/format";
import type { Figure } from "@/wire/reports";

/** `zone`: whose clock moments are read on. */
export function valueText(
  figure: Figure,
  value: number | null,
  language: Language,
  zone = "UTC",
): string {
  if (value === null) return "–";
  switch (figure.unit) {
    case "count":
      return count(value, language);
    case "seconds":
      return duration(Math.round(value));
    case "share":
      return new Intl.NumberFormat(LOCALES[language], {
        style: "percent",
        minimumFractionDigits: 1,
        maximumFractionDigits: 1,
      }).format(value);
    case "moment":
      return intervalText(new Date(value * 1000).toISOString(), "hour", zone, language);
    default:
      return new Intl.NumberFormat(LOCALES[language], { maximumFractionDigits: 2 }).format(value);
  }
}

/** The beginning of an interval on the clock of the report's place. */
export function intervalText(iso: string, interval: string, zone: string, language: Language) {
  const days = interval === "day" || interval === "week" || interval === "month";
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: zone,
    ...(interval === "month" ? { year: "numeric", month: "short" } : {}),
    ...(interval === "day" || interval === "week"
      ? { weekday: "short", day: "numeric", month: "short" }
      : {}),
    ...(days
      ? {}
      : { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false }),
  }).format(new Date(iso));
}

/** 1 is Monday. */
export function weekdayText(weekday: number, language: Language): string {
  const monday = Date.UTC(2024, 0, 1);
  return new Intl.DateTimeFormat(LOCALES[language], { weekday: "short", timeZone: "UTC" }).format(
    monday + (weekday - 1) * 86_400_000,
  );
}
