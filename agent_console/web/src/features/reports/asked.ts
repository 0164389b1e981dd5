// What is asked of a report, from and to the page's address; the days that are asked for by default.
import type { ReportsSearch } from "@/state/addresses";
import type { Asked, Compare, Interval } from "@/wire/reports";

export const INTERVALS: readonly Interval[] = [
  "5min",
  "15min",
  "30min",
  "hour",
  "day",
  "week",
  "month",
];
export const COMPARES: readonly Compare[] = ["", "before", "year"];
const DAY_MS = 86_400_000;

/** YYYY-MM-DD on the clock of the place. */
export function dayIn(zone: string, at: number): string {
  return new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(new Date(at));
}

export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);

export function daysBetween(first: string, last: string): number {
  return Math.round((Date.parse(last) - Date.parse(first)) / DAY_MS) + 1;
}

export function intervalFor(days: number): Interval {
  if (days <= 2) return "hour";
  if (days <= 92) return "day";
  return days <= 400 ? "week" : "month";
}

const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text);
const listOf = (text: string | undefined) => (text ? text.split(",") : []);

/** What would narrow nothing: no callback belongs to an agent, no shift to a queue. */
const LEFT_OUT: Record<string, "queues" | "agents"> = { callbacks: "agents", adherence: "queues" };
export const narrows = (what: "queues" | "agents", report: string) => LEFT_OUT[report] !== what;

/** The last seven days, where the address says nothing. Only what narrows this report. */
export function askedFrom(
  report: string,
  search: ReportsSearch,
  centreZone: string,
  now: number,
): Asked {
  const zone = search.zone ?? centreZone;
  const today = dayIn(zone, now);
  const last = isDay(search.last) ? search.last : today;
  const first = isDay(search.first) ? search.first : daysBefore(last, 6);
  const interval = INTERVALS.find((one) => one === search.interval);
  return {
    first,
    last,
    zone,
    interval: interval ?? intervalFor(daysBetween(first, last)),
    queues: narrows("queues", report) ? listOf(search.queues) : [],
    agents: narrows("agents", report) ? listOf(search.agents) : [],
    compare: COMPARES.find((one) => one === search.compare) ?? "",
  };
}
