import { describe, expect, it } from "vitest";
import { nextOf, spoken, stepAt, writtenBy } from "@/components/scripts/run";
import {
  EMPTY_SCRIPT,
  EMPTY_STEP,
  freeCode,
  renamed,
  withNew,
} from "@/features/admin/calls/script_model";
import type { Script } from "@/wire/knowledge";

const SCRIPT: Script = {
  ...EMPTY_SCRIPT,
  code: "greet",
  steps: [
    {
      ...EMPTY_STEP,
      code: "ask",
      ask: "choice",
      field: "wish",
      answers: [
        { label: "Order", next: "order", value: "o" },
        { label: "No", next: "", value: "" },
      ],
    },
    { ...EMPTY_STEP, code: "order", ask: "text", field: "number", next: "ask" },
  ],
};

describe("following a script", () => {
  const [ask, order] = SCRIPT.steps;
  if (ask === undefined || order === undefined) throw new Error("no steps");
  it("goes where the answers lead, and ends", () => {
    expect(stepAt(SCRIPT, [])?.code).toBe("ask");
    expect(stepAt(SCRIPT, [{ step: "ask", answer: "Order" }])?.code).toBe("order");
    expect(stepAt(SCRIPT, [{ step: "ask", answer: "No" }])).toBeNull();
    expect(stepAt(SCRIPT, [{ step: "gone", answer: "" }])).toBeNull();
    expect(nextOf(order, "anything")).toBe("ask");
  });
  it("writes answers into the form, by their value", () => {
    expect(writtenBy(ask, "Order")).toEqual({ wish: "o" });
    expect(writtenBy(ask, "No")).toEqual({ wish: "No" });
    expect(writtenBy(ask, "?")).toEqual({});
    expect(writtenBy(order, "A-1")).toEqual({ number: "A-1" });
    expect(writtenBy({ ...order, ask: "nothing" }, "")).toEqual({});
  });
  it("looks names up in the list alone, as plain text", () => {
    const names = { customer_name: "<b>王</b>" };
    expect(spoken("你好 {{ customer_name }}!", names)).toBe("你好 <b>王</b>!");
    expect(spoken("{{constructor}}{{a.b}}", names)).toBe("");
  });
});

describe("writing a script", () => {
  it("keeps the ways when a step is renamed", () => {
    const next = renamed(SCRIPT, 1, "number");
    expect(next.steps[0]?.answers[0]?.next).toBe("number");
    expect(renamed(SCRIPT, 0, "start").steps[1]?.next).toBe("start");
  });
  it("leads on to a new step where it led nowhere", () => {
    const one: Script = { ...EMPTY_SCRIPT, steps: [{ ...EMPTY_STEP, code: "step-2" }] };
    const next = withNew(one, 0);
    expect(next.steps.map(({ code, next }) => [code, next])).toEqual([
      ["step-2", "step-3"],
      ["step-3", ""],
    ]);
    expect(freeCode(next.steps)).toBe("step-4");
  });
});
