// The weekly grid as data: spans of minutes for each day, read from and written as the text of the
// calendar ("mon-fri": "09:00-12:00, 13:30-18:00"). Pure.
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
/** From and to, minutes from midnight; to is not in it. */
export type Span = readonly [number, number];
export type Week = readonly (readonly Span[])[];

export const STEP = 30;
export const STEPS = (24 * 60) / STEP;
const DAY_MINUTES = 24 * 60;
const SPAN = /^([01]?\d|2[0-4]):([0-5]\d)-([01]?\d|2[0-4]):([0-5]\d)$/;

/** null: it cannot be read. Nothing, and "closed", are no spans. */
export function spansOf(text: string): Span[] | null {
  const parts = text
    .replace(/\s+/g, "")
    .replace(/[，、;；]/g, ",")
    .replace(/：/g, ":")
    .replace(/[–—～~]/g, "-")
    .split(",")
    .filter((part) => part !== "" && part !== "closed");
  const spans: Span[] = [];
  for (const part of parts) {
    const found = SPAN.exec(part);
    if (found === null) return null;
    const [begin, end] = [minutes(found[1], found[2]), minutes(found[3], found[4])];
    if (begin >= end || end > DAY_MINUTES) return null;
    spans.push([begin, end]);
  }
  return merged(spans);
}

const minutes = (hour = "", minute = "") => Number(hour) * 60 + Number(minute);

export function clock(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

export const textOf = (spans: readonly Span[]): string =>
  spans.map(([begin, end]) => `${clock(begin)}-${clock(end)}`).join(", ");

export function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  for (const [begin, end] of [...spans].sort((one, other) => one[0] - other[0])) {
    const last = out.at(-1);
    if (last && begin <= last[1]) out[out.length - 1] = [last[0], Math.max(last[1], end)];
    else out.push([begin, end]);
  }
  return out;
}

/** The spans with [begin, end) open, or closed. */
export function painted(
  spans: readonly Span[],
  begin: number,
  end: number,
  open: boolean,
): readonly Span[] {
  if (open) return merged([...spans, [begin, end]]);
  return spans.flatMap(([from, to]) => {
    const rest: Span[] = [];
    if (from < begin) rest.push([from, Math.min(to, begin)]);
    if (to > end) rest.push([Math.max(from, end), to]);
    return rest;
  });
}

/** How much of the step is open: 0, 1, or a part. */
export function openShare(spans: readonly Span[], step: number): number {
  const [begin, end] = [step * STEP, (step + 1) * STEP];
  const open = spans.reduce(
    (sum, [from, to]) => sum + Math.max(0, Math.min(to, end) - Math.max(from, begin)),
    0,
  );
  return open / STEP;
}

function daysOf(key: string): number[] {
  const [first = "", last = first] = key.split("-");
  const begin = DAYS.indexOf(first as Day);
  const end = DAYS.indexOf(last as Day);
  if (begin < 0 || end < 0) return [];
  const count = (((end - begin) % 7) + 7) % 7;
  return Array.from({ length: count + 1 }, (_, step) => (begin + step) % 7);
}

/** A later row wins, as in the calendar. */
export function weekOf(rows: Record<string, string>): Week {
  const week: (readonly Span[])[] = DAYS.map(() => []);
  for (const [key, text] of Object.entries(rows)) {
    for (const day of daysOf(key)) week[day] = spansOf(text) ?? [];
  }
  return week;
}

/** Days in a row with the same hours share a row; a closed day has none. */
export function rowsOf(week: Week): Record<string, string> {
  const rows: Record<string, string> = {};
  let first = 0;
  const texts = week.map(textOf);
  for (let day = 0; day < 7; day += 1) {
    if (day < 6 && texts[day + 1] === texts[day]) continue;
    const text = texts[day] ?? "";
    const key = first === day ? DAYS[day] : `${DAYS[first]}-${DAYS[day]}`;
    if (text !== "" && key) rows[key] = text;
    first = day + 1;
  }
  return rows;
}
