// A script while an administrator writes it. Pure.
import type { Script, ScriptStep } from "@/wire/knowledge";

export const EMPTY_STEP: ScriptStep = {
  code: "",
  title: "",
  text: "",
  ask: "nothing",
  answers: [],
  next: "",
  field: "",
};

export const EMPTY_SCRIPT: Script = {
  code: "",
  name: "",
  name_zh: "",
  language: "en",
  queues: [],
  steps: [{ ...EMPTY_STEP, code: "step-1" }],
};

/** The first `step-n` that is free. */
export function freeCode(steps: readonly ScriptStep[]): string {
  const taken = new Set(steps.map(({ code }) => code));
  let number = steps.length + 1;
  while (taken.has(`step-${number}`)) number += 1;
  return `step-${number}`;
}

/** With another code for a step; what led to it still does. */
export function renamed(script: Script, at: number, code: string): Script {
  const before = script.steps[at]?.code ?? "";
  const follow = (next: string) => (next === before && before !== "" ? code : next);
  return {
    ...script,
    steps: script.steps.map((step, place) => ({
      ...step,
      code: place === at ? code : step.code,
      next: follow(step.next),
      answers: step.answers.map((answer) => ({ ...answer, next: follow(answer.next) })),
    })),
  };
}

export function withStep(script: Script, at: number, part: Partial<ScriptStep>): Script {
  return {
    ...script,
    steps: script.steps.map((step, place) => (place === at ? { ...step, ...part } : step)),
  };
}

/** A step after this one, which leads to it where it led nowhere. */
export function withNew(script: Script, at: number): Script {
  const code = freeCode(script.steps);
  const steps = script.steps.map((step, place) =>
    place === at && step.ask !== "choice" && step.next === "" ? { ...step, next: code } : step,
  );
  steps.splice(at + 1, 0, { ...EMPTY_STEP, code });
  return { ...script, steps };
}
