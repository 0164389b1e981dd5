// What an agent has typed about a call, before the wrap-up is finished. At each key stroke it goes to
// sessionStorage (a reload keeps it), every two seconds the note goes to the server (it outlives the
// browser).
import { useCallback, useEffect, useRef, useState } from "react";
import { readDraft, saveDraft } from "@/wire/rest";
import { read, write } from "./preferences";

export interface Draft {
  disposition: string;
  note: string;
}

const SAVE_EVERY_MS = 2_000;
const EMPTY: Draft = { disposition: "", note: "" };
const keyOf = (call: string) => `cc-draft-${call}`;

export function draftFrom(stored: unknown): Draft | null {
  if (typeof stored !== "object" || stored === null) return null;
  const bag = stored as Partial<Draft>;
  return {
    disposition: typeof bag.disposition === "string" ? bag.disposition : "",
    note: typeof bag.note === "string" ? bag.note : "",
  };
}

export type SavedState = "clean" | "unsaved" | "saved" | "failed";

export interface DraftInHand {
  draft: Draft;
  saved: SavedState;
  change(part: Partial<Draft>): void;
  forget(): void;
}

export function useDraft(call: string): DraftInHand {
  const [draft, setDraft] = useState<Draft>(
    () => draftFrom(read(globalThis.sessionStorage, keyOf(call))) ?? EMPTY,
  );
  const [saved, setSaved] = useState<SavedState>("clean");
  const latest = useRef(draft);
  const dirty = useRef(false);
  const touched = useRef(draft.note !== "" || draft.disposition !== "");
  const over = useRef(false);

  const put = useCallback((next: Draft) => {
    latest.current = next;
    setDraft(next);
  }, []);

  useEffect(() => {
    let current = true;
    readDraft(call)
      .then((note) => {
        if (current && note !== "" && !touched.current) put({ ...latest.current, note });
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
      saveDraft(call, latest.current.note).then(
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
      write(globalThis.sessionStorage, keyOf(call), next);
    },
    [call, put],
  );

  const forget = useCallback(() => {
    over.current = true;
    write(globalThis.sessionStorage, keyOf(call), null);
  }, [call]);

  return { draft, saved, change, forget };
}
