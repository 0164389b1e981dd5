// What is typed about a day that is to be lived through otherwise, and what is sent of it. Pure.
import type { WhatIfBody, WhatIfChange } from "@/wire/staffing";

export interface TypedChange extends Required<WhatIfChange> {
  /** For React alone. */
  key: string;
}

export interface WhatIfValues {
  day: string;
  interval: WhatIfBody["interval"] & string;
  source: WhatIfBody["source"] & string;
  queues: string[];
  changes: TypedChange[];
}

export const KINDS = ["agents", "agent", "skill", "queue"] as const;
export const INTERVALS = ["15min", "30min", "hour"] as const;
export const CHANGES_MAX = 40;
const TIME = /^(?:[01]?\d|2[0-3]):[0-5]\d$|^24:00$/;

export const freshChange = (key: string): TypedChange => ({
  key,
  kind: "agents",
  begins: "11:00",
  ends: "12:00",
  count: -2,
  queue: "",
  agent: "",
  skill: "",
  level: 5,
  on: true,
});

export type ChangeFlaw = "time" | "order" | "count" | "agent" | "skill" | "queue";

export function changeFlaw(change: TypedChange): ChangeFlaw | null {
  if (!TIME.test(change.begins) || !TIME.test(change.ends)) return "time";
  const two = (text: string) => text.padStart(5, "0");
  if (two(change.begins) >= two(change.ends)) return "order";
  if (change.kind === "agents") return change.count === 0 ? "count" : null;
  if (change.agent === "") return "agent";
  if (change.kind === "skill" && change.skill.trim() === "") return "skill";
  return change.kind === "queue" && change.queue === "" ? "queue" : null;
}

export function bodyOf(values: WhatIfValues): WhatIfBody {
  return {
    day: values.day,
    interval: values.interval,
    source: values.source,
    queues: values.queues,
    changes: values.changes.map(({ key: _, ...change }) => change),
  };
}
