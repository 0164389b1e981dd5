// The sheet of keys shows what is there: every row has a handler, every handler a row.
import { beforeEach, describe, expect, it } from "vitest";
import english from "@/locales/en.json";
import {
  choose,
  chooseStandard,
  combination,
  STANDARD,
  shortcutsFrom,
  shownKeys,
  useShortcuts,
} from "@/state/shortcuts";
import { sourceFiles, ts, visit } from "./source";

const names = Object.keys(STANDARD).sort();

/** Names given to `useShortcut`, and files that listen to keys of the whole page by other means. */
function handlers(): { named: string[]; astray: string[] } {
  const named: string[] = [];
  const astray: string[] = [];
  for (const { path, tree } of sourceFiles()) {
    visit(tree, (node) => {
      if (!ts.isCallExpression(node)) return;
      const called = node.expression.getText();
      const [first] = node.arguments;
      if (called === "useShortcut" && first && ts.isStringLiteral(first)) named.push(first.text);
      if (called === "useHotkeys" && path !== "state/shortcuts.ts") astray.push(path);
    });
  }
  return { named, astray };
}

describe("the sheet of keys", () => {
  it("shows exactly the keys that do something", () => {
    const { named, astray } = handlers();
    expect([...named].sort()).toEqual(names);
    expect(astray).toEqual([]);
  });

  it("has words for every row", () => {
    expect(names.filter((name) => !(`keys.${name}` in english))).toEqual([]);
  });
});

const pressed = (key: string, held: string) => ({
  key,
  altKey: held.includes("a"),
  ctrlKey: held.includes("c"),
  metaKey: held.includes("m"),
  shiftKey: held.includes("s"),
});

describe("other keys", () => {
  beforeEach(chooseStandard);

  it("are read as they were pressed, with a modifier", () => {
    expect(combination(pressed("j", "a"))).toBe("alt+J");
    expect(combination(pressed("Enter", "cs"))).toBe("mod+shift+Enter");
    expect(combination(pressed("F2", "m"))).toBe("mod+F2");
    expect(combination(pressed("j", ""))).toBeNull();
    expect(combination(pressed("j", "s"))).toBeNull();
    expect(combination(pressed("Alt", "a"))).toBeNull();
  });

  it("are taken unless another row or the browser has them", () => {
    expect(choose("answer", "alt+J")).toBeNull();
    expect(useShortcuts.getState().answer).toBe("alt+J");
    expect(choose("mute", "alt+J")).toBe("taken");
    expect(choose("mute", "mod+W")).toBe("reserved");
    expect(choose("mute", "j")).toBe("reserved");
    expect(choose("answer", "alt+J")).toBeNull();
    chooseStandard();
    expect(useShortcuts.getState()).toEqual(STANDARD);
  });

  it("that were damaged in the store are the standard ones", () => {
    expect(shortcutsFrom(null)).toEqual(STANDARD);
    expect(shortcutsFrom({ answer: 7, mute: "x", hold: "mod+W" })).toEqual(STANDARD);
    expect(shortcutsFrom({ answer: "alt+M" })).toEqual(STANDARD);
    expect(shortcutsFrom({ answer: "mod+shift+F9" }).answer).toBe("mod+shift+F9");
  });

  it("are shown as they stand on the keyboard", () => {
    expect(shownKeys("mod+shift+Enter")).toEqual(["Ctrl", "Shift", "Enter"]);
  });
});
