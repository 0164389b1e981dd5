// The tree of outcomes as an agent chooses from it: the leaves that fit the call's queue, each with its
// way from the root, found by any words of it in either language. Pure.
import type { Choices, DispositionChoice } from "@/wire/rest";
import { nameOf } from "./choices";
import type { Language } from "./format";

export interface Outcome {
  code: string;
  path: readonly DispositionChoice[];
  default: boolean;
}

const DEPTH_MAX = 5;

export function outcomesFor(choices: Choices, queue: string | null): Outcome[] {
  const known = new Map(choices.dispositions.map((one) => [one.code, one]));
  const parents = new Set(
    choices.dispositions.filter((one) => one.active).map(({ parent }) => parent),
  );
  return choices.dispositions.flatMap((one) => {
    const path = pathOf(known, one.code);
    const fits = path.every(
      ({ active, queues }) =>
        active && (queues.length === 0 || (queue !== null && queues.includes(queue))),
    );
    return fits && !parents.has(one.code) ? [{ code: one.code, path, default: one.default }] : [];
  });
}

export function pathOf(
  known: ReadonlyMap<string, DispositionChoice>,
  code: string,
): DispositionChoice[] {
  const path: DispositionChoice[] = [];
  for (let at = known.get(code); at !== undefined; at = known.get(at.parent)) {
    path.unshift(at);
    if (path.length === DEPTH_MAX) break;
  }
  return path;
}

/** The code that closes the call when nothing was chosen: the queue's own goes before the general one. */
export function defaultOf(outcomes: readonly Outcome[]): string {
  const found = outcomes.filter((one) => one.default);
  const own = found.find(({ path }) => (path.at(-1)?.queues.length ?? 0) > 0);
  return (own ?? found[0])?.code ?? "";
}

export const fold = (text: string): string =>
  text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();

export function matches(outcome: Outcome, query: string): boolean {
  const text = fold(
    outcome.path
      .flatMap(({ code, name, name_zh, keywords }) => [code, name, name_zh, keywords])
      .join(" "),
  );
  return fold(query)
    .split(" ")
    .every((word) => text.includes(word));
}

export const labelOf = (outcome: Outcome, language: Language): string =>
  outcome.path.map((step) => nameOf(step, language)).join(" › ");

// -- own fields ------------------------------------------------------------------------------------
interface FormLike<Field> {
  active: boolean;
  queues: readonly string[];
  dispositions: readonly string[];
  fields: readonly Field[];
}

/** What a call asks for, as the server decides it: forms of the queue and of the way to the outcome. */
export function fieldsFor<Field extends { code: string }>(
  forms: readonly FormLike<Field>[],
  queue: string | null,
  path: readonly string[],
): Field[] {
  const found = new Map<string, Field>();
  for (const form of forms) {
    if (!form.active) continue;
    if (form.queues.length > 0 && (queue === null || !form.queues.includes(queue))) continue;
    if (form.dispositions.length > 0 && !form.dispositions.some((one) => path.includes(one)))
      continue;
    for (const field of form.fields) if (!found.has(field.code)) found.set(field.code, field);
  }
  return [...found.values()];
}
