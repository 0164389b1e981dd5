// The keys of the console: one table, which the handlers and the sheet both read, so that the sheet cannot
// lie (a test compares). Everybody may choose others; each carries a modifier, so that none types text.
import { useHotkeys } from "@mantine/hooks";
import { create } from "zustand";
import { read, write } from "./preferences";

export const STANDARD = {
  answer: "alt+A",
  hangUp: "alt+Q",
  mute: "alt+M",
  hold: "alt+H",
  transfer: "alt+T",
  keypad: "alt+K",
  note: "alt+N",
  finish: "mod+Enter",
  pause: "alt+P",
  palette: "mod+K",
  sheet: "alt+/",
} as const;

export type Shortcut = keyof typeof STANDARD;
export type Shortcuts = Record<Shortcut, string>;

const KEY = "cc-shortcuts";
const NAMES = Object.keys(STANDARD) as Shortcut[];
const FORM =
  /^((mod|alt|ctrl|shift)\+)*(mod|alt|ctrl)\+((shift|mod|alt|ctrl)\+)*(\S|[A-Z][A-Za-z0-9]+)$/;
/** What browsers keep for themselves, or people need in text. */
const RESERVED = new Set(
  ["A", "C", "F", "L", "N", "P", "R", "S", "T", "V", "W", "X", "Y", "Z"].map((key) => `mod+${key}`),
);

export function shortcutsFrom(stored: unknown): Shortcuts {
  const bag = (typeof stored === "object" && stored !== null ? stored : {}) as Record<
    string,
    unknown
  >;
  const own = (name: Shortcut) => {
    const keys = bag[name];
    return typeof keys === "string" && FORM.test(keys) && !RESERVED.has(keys)
      ? keys
      : STANDARD[name];
  };
  const chosen = Object.fromEntries(NAMES.map((name) => [name, own(name)])) as Shortcuts;
  return new Set(Object.values(chosen)).size === NAMES.length ? chosen : { ...STANDARD };
}

export const useShortcuts = create<Shortcuts>(() =>
  shortcutsFrom(read(globalThis.localStorage, KEY)),
);

/** The keys of `name` do this, as long as the component that says so is there; in text fields, too. */
export function useShortcut(name: Shortcut, act: () => void): void {
  const keys = useShortcuts((state) => state[name]);
  useHotkeys([[keys, act]], [], true);
}

export interface Pressed {
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
}

/** What was pressed, in the form of the table; null: modifiers alone, or a key without one. */
export function combination(event: Pressed): string | null {
  const { key } = event;
  if (["Alt", "Control", "Meta", "Shift", "AltGraph", "Dead", "Process"].includes(key)) return null;
  if (!event.altKey && !event.ctrlKey && !event.metaKey) return null;
  const name = key === " " ? "Space" : key.length === 1 ? key.toUpperCase() : key;
  const held = [
    event.ctrlKey || event.metaKey ? "mod" : "",
    event.altKey ? "alt" : "",
    event.shiftKey ? "shift" : "",
  ].filter(Boolean);
  return [...held, name].join("+");
}

/** Why these keys cannot be had for `name`; null: they can, and are. */
export function choose(name: Shortcut, keys: string): "taken" | "reserved" | null {
  const now = useShortcuts.getState();
  if (RESERVED.has(keys) || !FORM.test(keys)) return "reserved";
  if (NAMES.some((other) => other !== name && now[other] === keys)) return "taken";
  useShortcuts.setState({ [name]: keys } as Partial<Shortcuts>);
  write(globalThis.localStorage, KEY, useShortcuts.getState());
  return null;
}

export function chooseStandard(): void {
  useShortcuts.setState({ ...STANDARD });
  write(globalThis.localStorage, KEY, null);
}

/** As they stand on the keyboard. */
export function shownKeys(keys: string): string[] {
  const names: Record<string, string> = { mod: "Ctrl", alt: "Alt", shift: "Shift", ctrl: "Ctrl" };
  return keys.split("+").map((part) => names[part] ?? part);
}
