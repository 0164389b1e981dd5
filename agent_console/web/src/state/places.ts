// Where one was in a list, and what it was narrowed to, for as long as the tab lives: the browser's back
// button leads to the same rows. Kept by the entry of the browser's history, so that a page that is opened
// anew begins at its beginning.
import { useRouterState } from "@tanstack/react-router";
import { useCallback, useEffect, useState } from "react";

const KEPT_MAX = 200;
const kept = new Map<string, unknown>();

const entryNow = (): string => String(globalThis.history?.state?.__TSR_key ?? "");

function put(key: string, value: unknown): void {
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest);
}

/** What was kept under this name when one was here before, and how to keep another. */
export function usePlace<T>(name: string): [T | undefined, (value: T) => void] {
  const [found] = useState(() => kept.get(`${entryNow()} ${name}`) as T | undefined);
  const keep = useCallback((value: T) => put(`${entryNow()} ${name}`, value), [name]);
  return [found, keep];
}

/** As useState, but found again by the back button. */
export function usePlacedState<T>(name: string, first: T): [T, (value: T) => void] {
  const [found, keep] = usePlace<T>(name);
  const [value, setValue] = useState(found ?? first);
  // Where only the address has changed (a row was opened), the new entry has the same list.
  const entry = useRouterState({ select: (state) => state.resolvedLocation?.state.__TSR_key });
  useEffect(() => {
    if (entry === entryNow()) keep(value);
  }, [entry, keep, value]);
  return [value, setValue];
}
