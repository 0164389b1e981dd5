// What an agent has typed about a call, before the wrap-up is finished. At each key stroke it goes to
// sessionStorage (a reload keeps it), every two seconds to the server (it outlives the browser).
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { readDraft, saveDraft } from "@/wire/rest";
import { ownKey } from "./own_store";
import { read, write } from "./preferences";

/** `due` as an input of the browser holds it, local time. */
export interface FollowUpDraft {
  kind: "task" | "call" | "callback";
  due: string;
  title: string;
  owner: string;
  queue: string;
}

export interface Draft {
  disposition: string;
  note: string;
  values: Record<string, unknown>;
  followUp: FollowUpDraft | null;
}

const SAVE_EVERY_MS = 2_000;
const EMPTY: Draft = { disposition: "", note: "", values: {}, followUp: null };
const text = (value: unknown) => (typeof value === "string" ? value : "");

function followUpFrom(stored: unknown): FollowUpDraft | null {
  if (typeof stored !== "object" || stored === null) return null;
  const bag = stored as Partial<FollowUpDraft>;
  if (bag.kind !== "task" && bag.kind !== "call" && bag.kind !== "callback") return null;
  return {
    kind: bag.kind,
    due: text(bag.due),
    title: text(bag.title),
    owner: text(bag.owner),
    queue: text(bag.queue),
  };
}

export function draftFrom(stored: unknown): Draft | null {
  if (typeof stored !== "object" || stored === null) return null;
  const bag = stored as Partial<Draft>;
  const values = typeof bag.values === "object" && bag.values !== null ? bag.values : {};
  return {
    disposition: text(bag.disposition),
    note: text(bag.note),
    values,
    followUp: followUpFrom(bag.followUp),
  };
}

export const isEmpty = (draft: Draft): boolean =>
  draft.note === "" &&
  draft.disposition === "" &&
  draft.followUp === null &&
  Object.values(draft.values).every((value) => value === "" || value === null);

interface Hand {
  fill(values: Record<string, unknown>): void;
  append(line: string): void;
}
const hands = new Map<string, Hand>();

/** Write own fields (by code) into the form of a call that is on the desk; others keep their values. */
export function fillDraft(call: string, values: Record<string, unknown>): void {
  hands.get(call)?.fill(values);
}

/** A line at the end of the note of a call that is on the desk. */
export function appendNote(call: string, line: string): void {
  hands.get(call)?.append(line);
}

export type SavedState = "clean" | "unsaved" | "saved" | "failed";

export interface DraftInHand {
  draft: Draft;
  saved: SavedState;
  change(part: Partial<Draft>): void;
  forget(): void;
}

export function useDraft(call: string): DraftInHand {
  const key = useMemo(() => ownKey(`cc-draft-${call}`), [call]);
  const [draft, setDraft] = useState<Draft>(
    () => draftFrom(read(globalThis.sessionStorage, key)) ?? EMPTY,
  );
  const [saved, setSaved] = useState<SavedState>("clean");
  const latest = useRef(draft);
  const dirty = useRef(false);
  const touched = useRef(!isEmpty(draft));
  const over = useRef(false);

  const put = useCallback((next: Draft) => {
    latest.current = next;
    setDraft(next);
  }, []);

  useEffect(() => {
    let current = true;
    readDraft(call)
      .then(({ text: note, form }) => {
        if (!current || touched.current) return;
        put(draftFrom({ ...form, note }) ?? EMPTY);
      })
      // No draft, or no server: what is on the page stands.
      .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [call, put]);

  useEffect(() => {
    const save = () => {
      if (!dirty.current || over.current) return;
      dirty.current = false;
      const { note, ...form } = latest.current;
      saveDraft(call, note, form).then(
        () => setSaved(dirty.current ? "unsaved" : "saved"),
        () => {
          dirty.current = true;
          setSaved("failed");
        },
      );
    };
    const timer = setInterval(save, SAVE_EVERY_MS);
    return () => {
      clearInterval(timer);
      save();
    };
  }, [call]);

  const change = useCallback(
    (part: Partial<Draft>) => {
      const next = { ...latest.current, ...part };
      touched.current = true;
      dirty.current = true;
      put(next);
      setSaved("unsaved");
      write(globalThis.sessionStorage, key, next);
    },
    [key, put],
  );

  useEffect(() => {
    hands.set(call, {
      fill: (values) => change({ values: { ...latest.current.values, ...values } }),
      append: (line) => {
        const { note } = latest.current;
        change({ note: note === "" || note.endsWith("\n") ? note + line : `${note}\n${line}` });
      },
    });
    return () => {
      hands.delete(call);
    };
  }, [call, change]);

  const forget = useCallback(() => {
    over.current = true;
    write(globalThis.sessionStorage, key, null);
  }, [key]);

  return { draft, saved, change, forget };
}
