import { describe, expect, it } from "vitest";
import { branches, moved, parentsFor, withItem } from "@/features/admin/calls/tree";
import type { DispositionChoice } from "@/wire/rest";

const one = (code: string, more: Partial<DispositionChoice> = {}): DispositionChoice => ({
  code,
  name: code,
  name_zh: "",
  queues: [],
  default: false,
  parent: "",
  active: true,
  keywords: "",
  ...more,
});
const TREE = [
  one("b", { default: true }),
  one("a1", { parent: "a" }),
  one("a"),
  one("x", { parent: "gone" }),
];
const shown = (items: readonly DispositionChoice[]) =>
  branches(items).map(({ item, depth }) => `${depth}${item.code}`);

describe("the tree of outcomes", () => {
  it("stands depth first, orphans at the root", () => {
    expect(shown(TREE)).toEqual(["0b", "0a", "1a1", "0x"]);
  });
  it("moves among those with the same parent only", () => {
    expect(shown(moved(TREE, "a", -1))).toEqual(["0a", "1a1", "0b", "0x"]);
    expect(shown(moved(TREE, "a1", -1))).toEqual(shown(TREE));
  });
  it("has one default for a queue", () => {
    const next = withItem(TREE, one("c", { default: true }));
    expect(next.filter((item) => item.default).map(({ code }) => code)).toEqual(["c"]);
    const own = withItem(TREE, one("c", { default: true, queues: ["sales"] }));
    expect(own.filter((item) => item.default).map(({ code }) => code)).toEqual(["b", "c"]);
  });
  it("hangs nothing below itself", () => {
    expect(parentsFor(TREE, "a").map(({ item }) => item.code)).toEqual(["b", "x"]);
  });
});
