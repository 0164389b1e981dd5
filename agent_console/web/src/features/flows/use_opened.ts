// Opens a flow: the server's draft, or what this browser has kept of it and the server has not. From
// then on it is saved by itself until the page is left.
import { useCallback, useEffect, useState } from "react";
import { readFlowDraft } from "@/wire/flows";
import { placed } from "./model/arrange";
import { difference } from "./model/difference";
import { edit, openFlow, useEditor } from "./model/editor";
import { type Flow, type Json, readFlow } from "./model/flow";
import { forget, kept } from "./model/keeping";
import { type Conflict, Saver } from "./model/saver";

interface Opened {
  saver: Saver | null;
  error: unknown;
  conflict: Conflict | null;
}

const NOTHING: Opened = { saver: null, error: null, conflict: null };

export function useOpened(name: string, ready: boolean) {
  const [state, setState] = useState<Opened>(NOTHING);
  const [tries, setTries] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `tries` opens it once more
  useEffect(() => {
    if (!ready) return;
    let left = false;
    let saver: Saver | null = null;
    const onConflict = (conflict: Conflict) => setState((now) => ({ ...now, conflict }));
    void (async () => {
      try {
        const made = await open(name, onConflict);
        if (left) made.saver.close();
        else {
          saver = made.saver;
          setState({ saver, error: null, conflict: made.conflict });
        }
      } catch (error) {
        if (!left) setState({ ...NOTHING, error });
      }
    })();
    return () => {
      left = true;
      saver?.close();
    };
  }, [name, ready, tries]);
  useLeaveGuard(state.saver);
  const again = useCallback(() => {
    setState(NOTHING);
    setTries((count) => count + 1);
  }, []);
  /** The conflict is over: `flow` is what is drawn now, on top of the server's `revision`. */
  const settle = useCallback(
    (flow: Flow, base: Json, revision: number) => {
      edit("", () => placed(useEditor.getState().catalogue, flow));
      state.saver?.rebase(base, revision);
      setState((now) => ({ ...now, conflict: null }));
    },
    [state.saver],
  );
  return { ...state, again, settle };
}

async function open(
  name: string,
  onConflict: (conflict: Conflict) => void,
): Promise<{ saver: Saver; conflict: Conflict | null }> {
  const read = await readFlowDraft(name);
  const server: Json = read.draft ?? { id: name, name: read.title, nodes: {} };
  const here = kept(localStorage, name);
  const unsaved = here !== null && differs(readFlow(here.flow), readFlow(server));
  const { catalogue } = useEditor.getState();
  openFlow(placed(catalogue, readFlow(unsaved ? here.flow : server)));
  if (!unsaved) {
    forget(localStorage, name);
    return { saver: new Saver(name, server, read.draft_revision, onConflict), conflict: null };
  }
  const saver = new Saver(name, here.base, here.revision, onConflict);
  if (here.revision === read.draft_revision) {
    saver.touch();
    return { saver, conflict: null };
  }
  saver.halt();
  const { draft_revision: revision, draft_by: by } = read;
  return { saver, conflict: { base: here.base, theirs: server, revision, by } };
}

function differs(mine: Flow, server: Flow): boolean {
  return (
    difference(server, mine).length > 0 ||
    JSON.stringify([mine.layout, mine.notes]) !== JSON.stringify([server.layout, server.notes])
  );
}

/** The browser asks before a page is left whose changes only this browser has. */
function useLeaveGuard(saver: Saver | null): void {
  useEffect(() => {
    const leave = (event: BeforeUnloadEvent) => {
      if (saver !== null && !saver.clean) event.preventDefault();
    };
    window.addEventListener("beforeunload", leave);
    return () => window.removeEventListener("beforeunload", leave);
  }, [saver]);
}
