// What is typed into the staffing page, and what is asked of the service for it. Traffic is one interval a
// line ("09:30 120 180": from when, calls, seconds of handling), so that a column of a sheet can be pasted.
import type { SimulatedBody, StaffingBody, TypedInterval } from "@/wire/staffing";

export const MINUTES = ["15", "30", "60"] as const;
const LINE = /^(?:(\d{1,2}):(\d{2})(?::\d{2})?[\s,;]+)?(\d+(?:\.\d+)?)(?:[\s,;]+(\d+(?:\.\d+)?))?$/;
const DAY = 86_400;

export type Figure = number | string;

export interface StaffingValues {
  source: "typed" | "logged";
  lines: string;
  handling: Figure;
  minutes: string;
  queue: string | null;
  first: string;
  last: string;
  level: Figure;
  within: Figure;
  patience: Figure;
  wait: Figure;
  abandonment: Figure;
  occupancy: Figure;
  shrinkage: Figure;
  ringing: Figure;
  spread: Figure;
}

export const START: StaffingValues = {
  source: "typed",
  lines: "",
  handling: 180,
  minutes: "30",
  queue: null,
  first: "",
  last: "",
  level: 80,
  within: 20,
  patience: "",
  wait: "",
  abandonment: "",
  occupancy: "",
  shrinkage: "",
  ringing: "",
  spread: 100,
};

/** The intervals of the text, and the numbers of lines that cannot be read. A line without a time follows
 * the one before; without handling seconds it has those of all. */
export function intervalsOf(
  text: string,
  seconds: number,
  handling: number,
): { intervals: TypedInterval[]; wrong: number[] } {
  const intervals: TypedInterval[] = [];
  const wrong: number[] = [];
  let next = 0;
  text.split("\n").forEach((line, number) => {
    const plain = line.trim();
    if (plain === "") return;
    const found = LINE.exec(plain);
    const start =
      found?.[1] === undefined ? next : Number(found[1]) * 3600 + Number(found[2] ?? 0) * 60;
    const takes = Number(found?.[4] ?? handling);
    if (found === null || start >= DAY + next || Number(found[2] ?? 0) > 59 || !(takes > 0)) {
      wrong.push(number + 1);
      return;
    }
    intervals.push({
      start_seconds: start,
      seconds,
      calls: Number(found[3]),
      handling_seconds: takes,
    });
    next = start + seconds;
  });
  return { intervals, wrong };
}

const asked = (value: Figure): number | null =>
  value === "" || Number.isNaN(Number(value)) ? null : Number(value);
const share = (value: Figure): number | null => {
  const percent = asked(value);
  return percent === null ? null : percent / 100;
};

/** Days are those of this computer. */
function dayStart(day: string, daysOn = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + daysOn).toISOString();
}

export function bodyOf(values: StaffingValues): StaffingBody {
  const seconds = Number(values.minutes) * 60;
  const goals = {
    service_level: share(values.level),
    within_seconds: asked(values.within) ?? 20,
    patience_seconds: asked(values.patience),
    mean_wait_seconds: asked(values.wait),
    abandonment: share(values.abandonment),
    occupancy_max: share(values.occupancy),
    shrinkage: share(values.shrinkage) ?? 0,
  };
  if (values.source === "typed") {
    const { intervals } = intervalsOf(values.lines, seconds, asked(values.handling) ?? 0);
    return { ...goals, intervals };
  }
  return {
    ...goals,
    logged: {
      queue: values.queue ?? "",
      since: dayStart(values.first),
      until: dayStart(values.last, 1),
      interval_seconds: seconds,
    },
  };
}

/** The same, and what only a simulation knows. */
export const simulatedBodyOf = (values: StaffingValues): SimulatedBody => ({
  ...bodyOf(values),
  ringing_seconds: asked(values.ringing) ?? 0,
  handling_spread: Math.max(share(values.spread) ?? 1, 0.1),
});

/** Whether the answer to the one is the answer to the other. */
export const sameQuestion = (one: StaffingValues, other: StaffingValues): boolean =>
  JSON.stringify(simulatedBodyOf(one)) === JSON.stringify(simulatedBodyOf(other));

export type Flaw = "lines" | "nothing" | "queue" | "days" | "goals";

/** What must be mended before it can be asked, by field. */
export function flawsOf(values: StaffingValues): Partial<Record<keyof StaffingValues, Flaw>> {
  const flaws: Partial<Record<keyof StaffingValues, Flaw>> = {};
  if (values.source === "typed") {
    const { intervals, wrong } = intervalsOf(values.lines, 60, asked(values.handling) ?? 0);
    if (wrong.length > 0) flaws.lines = "lines";
    else if (intervals.length === 0) flaws.lines = "nothing";
  } else {
    if (values.queue === null) flaws.queue = "queue";
    if (values.first === "" || values.last === "" || values.last < values.first)
      flaws.last = "days";
  }
  if ([values.level, values.wait, values.abandonment].every((one) => asked(one) === null)) {
    flaws.level = "goals";
  }
  return flaws;
}
