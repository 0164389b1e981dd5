// What is typed into a form, kept in sessionStorage until it is saved or thrown away: a reload, a call in
// between or a wrong click loses nothing. Each person has his own. Kept together with what the form began
// with: when the thing itself changed meanwhile, the old draft is offered no more.
import { useCallback, useMemo, useRef } from "react";
import { ownKey } from "./own_store";
import { read, write } from "./preferences";

interface Kept<T> {
  start: string;
  values: T;
}

export interface KeptForm<T> {
  /** What the form shows first: the draft where there is one. */
  first: T;
  /** Something unsaved was found. */
  found: boolean;
  keep(values: T): void;
  forget(): void;
}

export function keptFrom<T>(stored: unknown, start: T): T | null {
  if (typeof stored !== "object" || stored === null) return null;
  const kept = stored as Partial<Kept<T>>;
  return kept.start === JSON.stringify(start) && kept.values !== undefined ? kept.values : null;
}

/** `name` null: nothing is kept. */
export function useKeptForm<T>(name: string | null, start: T): KeptForm<T> {
  const key = useMemo(() => (name === null ? null : ownKey(`cc-form-${name}`)), [name]);
  const began = useRef<{ values: T; found: boolean } | null>(null);
  if (began.current === null) {
    const stored = key === null ? null : read(globalThis.sessionStorage, key);
    const values = keptFrom(stored, start);
    began.current = { values: values ?? start, found: values !== null };
  }
  const origin = useRef(JSON.stringify(start));
  const keep = useCallback(
    (values: T) => {
      if (key === null) return;
      const same = JSON.stringify(values) === origin.current;
      const kept = { start: origin.current, values };
      write(globalThis.sessionStorage, key, same ? null : kept);
    },
    [key],
  );
  const forget = useCallback(() => {
    if (key !== null) write(globalThis.sessionStorage, key, null);
  }, [key]);
  return { first: began.current.values, found: began.current.found, keep, forget };
}
