// What narrows the list behind a number, in words: queues and agents, days, the hour of the week, the wait,
// the way through a menu. Times are on the clock of the report.
import { useTranslation } from "react-i18next";
import { useAgentName, useDispositionName, useLanguage, useQueueName } from "@/state/choices";
import { type Language, LOCALES, phone } from "@/state/format";
import type { BehindSearch } from "@/wire/calls_behind";

const NONE = "-";
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

function zoned(zone: string | undefined, options: Intl.DateTimeFormatOptions, language: Language) {
  try {
    return new Intl.DateTimeFormat(LOCALES[language], { ...options, timeZone: zone });
  } catch {
    return new Intl.DateTimeFormat(LOCALES[language], options);
  }
}

/** Day and time there; of the viewer where no place is said. `at`: seconds. */
export function timeIn(zone: string | undefined, at: number, language: Language): string {
  const options: Intl.DateTimeFormatOptions = {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  };
  return zoned(zone, options, language).format(new Date(at * 1000));
}

export function useNarrowing(): (search: BehindSearch) => string[] {
  const { t } = useTranslation();
  const language = useLanguage();
  const queueName = useQueueName();
  const agentName = useAgentName();
  const dispositionName = useDispositionName();
  const names = (ids: string | undefined, name: (id: string) => string, none: string) =>
    (ids?.split(",") ?? []).map((id) => (id === NONE ? none : name(id)));
  const moment = (iso: string | undefined, zone: string | undefined) =>
    iso === undefined ? "" : timeIn(zone, Date.parse(iso) / 1000, language);
  return (search) => [
    ...names(search.queues, queueName, t("report.behindNoQueue")),
    ...names(search.agents, agentName, t("report.behindNoAgent")),
    ...names(search.disposition, dispositionName, t("report.noDisposition")),
    ...(search.number ? [phone(search.number)] : []),
    ...[search.flow, search.way, search.question].flatMap((text) => text ?? []),
    ...(search.ended
      ? [t(`reportEnd.${search.ended}` as "reportEnd.served", { defaultValue: search.ended })]
      : []),
    ...(search.trunk ? [search.trunk === NONE ? t("report.unknownTrunk") : search.trunk] : []),
    ...(search.cause
      ? [t(`reportCause.${search.cause}` as "reportCause.busy", { defaultValue: search.cause })]
      : []),
    ...(search.weekday ? [weekday(Number(search.weekday), language)] : []),
    ...(search.hour ? [hours(Number(search.hour))] : []),
    ...(search.over ? [t("report.behindOver", { seconds: search.over })] : []),
    ...(search.upto ? [t("report.upTo", { seconds: search.upto })] : []),
    `${moment(search.since, search.zone)} – ${moment(search.until, search.zone)}`,
    ...(search.zone ? [search.zone] : []),
  ];
}

const weekday = (day: number, language: Language) =>
  zoned("UTC", { weekday: "long" }, language).format(MONDAY + (day - 1) * DAY_MS);

function hours(hour: number): string {
  const two = (one: number) => String(one).padStart(2, "0");
  return `${two(hour)}:00–${two(hour + 1)}:00`;
}
