// Days and times of the plan as text. Pure: what is today is an argument.
import { type Language, LOCALES } from "@/state/format";
import type { Shift } from "@/wire/shifts";

export const WEEK_DAYS = 7;
const DAY_MS = 86_400_000;
const DAY_MINUTES = 1440;
const TIME = /^(?:[01]?\d|2[0-3]):[0-5]\d$|^24:00$/;

export const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));

export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The day it is at this moment where one sits. */
export function dayAt(seconds: number): string {
  const at = new Date(seconds * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

/** The Monday of its week. */
export function mondayOf(day: string): string {
  const weekday = (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
  return dayAfter(day, -weekday);
}

export const weekOf = (monday: string): string[] =>
  Array.from({ length: WEEK_DAYS }, (_, number) => dayAfter(monday, number));

export function dayText(day: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
  }).format(new Date(`${day}T00:00:00Z`));
}

export const hoursText = (minutes: number): string =>
  `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;

export const shiftText = (shift: Shift): string => `${shift.begins}–${shift.ends}`;

/** As it is typed: the breaks in one field. */
export interface TypedShift {
  begins: string;
  ends: string;
  breaks: string;
}

export const typedOf = (shift: Shift): TypedShift => ({
  begins: shift.begins,
  ends: shift.ends,
  breaks: shift.breaks.map((one) => `${one.begins}-${one.ends}`).join(", "),
});

export type ShiftFlaw = "begins" | "ends" | "breaks" | "within";

/** What cannot be of it; null: nothing. */
export function flawOf(typed: TypedShift): ShiftFlaw | null {
  if (!TIME.test(typed.begins) || typed.begins === "24:00") return "begins";
  if (!TIME.test(typed.ends) || typed.ends === typed.begins) return "ends";
  const breaks = breaksOf(typed.breaks);
  if (breaks === null) return "breaks";
  return breaks.every((one) => liesWithin(typed, one)) ? null : "within";
}

const minuteOf = (text: string): number => {
  const [hours, minutes] = text.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};

/** What comes before the shift begins is on the next day, of a shift that goes on until then. */
function liesWithin(shift: TypedShift, one: Shift["breaks"][number]): boolean {
  const first = minuteOf(shift.begins);
  const after = (text: string, from: number) => {
    const minute = minuteOf(text);
    return minute < from ? minute + DAY_MINUTES : minute;
  };
  const begins = after(one.begins, first);
  const ends = after(one.ends, begins);
  return begins < ends && ends <= after(shift.ends, first);
}

function breaksOf(text: string): Shift["breaks"] | null {
  const parts = text.split(/[\s,;，；、]+/).filter(Boolean);
  const made = parts.map((part) => part.replace("–", "-").replaceAll("：", ":").split("-"));
  const right = made.every(
    ([begins, ends, more]) =>
      more === undefined && TIME.test(begins ?? "") && TIME.test(ends ?? ""),
  );
  return right ? made.map(([begins, ends]) => ({ begins: begins ?? "", ends: ends ?? "" })) : null;
}

export const shiftOf = (typed: TypedShift): Shift => ({
  begins: typed.begins,
  ends: typed.ends,
  breaks: breaksOf(typed.breaks) ?? [],
});
