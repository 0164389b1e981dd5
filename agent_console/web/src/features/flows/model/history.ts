// Undo and redo as two stacks of states. Changes of one kind that follow each other quickly (typing in
// one field, dragging) are one step.

const STEPS_MAX = 200;
const TOGETHER_MS = 900;

export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** What the last change was about and when; a change of the same within a moment joins it. */
  readonly group: string;
  readonly at: number;
}

export const begin = <T>(present: T): History<T> => ({
  past: [],
  present,
  future: [],
  group: "",
  at: 0,
});

/** `group` "" never joins. `now` in milliseconds. */
export function change<T>(history: History<T>, present: T, group: string, now: number): History<T> {
  if (present === history.present) return history;
  const joins = group !== "" && group === history.group && now - history.at < TOGETHER_MS;
  const past = joins ? history.past : [...history.past, history.present].slice(-STEPS_MAX);
  return { past, present, future: [], group, at: now };
}

export function undo<T>(history: History<T>): History<T> {
  const present = history.past.at(-1);
  if (present === undefined) return history;
  const future = [history.present, ...history.future];
  return { past: history.past.slice(0, -1), present, future, group: "", at: 0 };
}

export function redo<T>(history: History<T>): History<T> {
  const [present, ...future] = history.future;
  if (present === undefined) return history;
  return { past: [...history.past, history.present], present, future, group: "", at: 0 };
}
