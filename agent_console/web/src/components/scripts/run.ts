// Following a script: where one is, what an answer leads to, what it writes into the form. Pure.
import type { Said, Script, ScriptStep } from "@/wire/knowledge";

/** The step after what was said so far; null: the script is over. */
export function stepAt(script: Script, trail: readonly Said[]): ScriptStep | null {
  const last = trail.at(-1);
  if (last === undefined) return script.steps[0] ?? null;
  const left = script.steps.find(({ code }) => code === last.step);
  const next = left === undefined ? "" : nextOf(left, last.answer);
  return script.steps.find(({ code }) => code === next) ?? null;
}

export function nextOf(step: ScriptStep, answer: string): string {
  if (step.ask !== "choice") return step.next;
  return step.answers.find(({ label }) => label === answer)?.next ?? "";
}

/** What the last answer writes into the own fields of the call's form; none: nothing. */
export function writtenBy(step: ScriptStep, answer: string): Record<string, unknown> {
  if (step.field === "" || step.ask === "nothing") return {};
  if (step.ask !== "choice") return { [step.field]: answer };
  const chosen = step.answers.find(({ label }) => label === answer);
  return chosen === undefined ? {} : { [step.field]: chosen.value || chosen.label };
}

/** Names of the list are looked up; what is not in it, or not known, stays blank. Plain text. */
export function spoken(text: string, names: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{(.*?)\}\}/gs, (_, name: string) =>
    Object.hasOwn(names, name.trim()) ? (names[name.trim()] ?? "") : "",
  );
}
