// The agents by simulation: a run in the background, and its result, kept in this browser with what it holds
// for. Who leaves and comes back finds the run going on; who reloads, or comes the next day, the result.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ownKey } from "@/state/own_store";
import { read, write } from "@/state/preferences";
import {
  beginSimulated,
  cancelSimulated,
  readSimulated,
  type Simulated,
  type SimulatedAnswer,
} from "@/wire/staffing";
import { over, useRun } from "./background_run";
import { type StaffingValues, sameQuestion, simulatedBodyOf } from "./staffing_values";

const NAME = "staffing-simulated";

/** `values`: what was asked. */
export interface Kept {
  values: StaffingValues;
  answer: SimulatedAnswer;
}

interface Begun {
  id: string;
  values: StaffingValues;
}

function keptFrom(stored: unknown): Kept | null {
  const kept = stored as Partial<Kept> | null;
  const whole = Array.isArray(kept?.answer?.intervals) && typeof kept?.values?.lines === "string";
  return whole ? (kept as Kept) : null;
}

function begunFrom(stored: unknown): Begun | null {
  const begun = stored as Partial<Begun> | null;
  return typeof begun?.id === "string" && begun.values !== undefined ? (begun as Begun) : null;
}

export interface SimulatedState {
  kept: Kept | null;
  /** The run that goes on, or went wrong. */
  run: Simulated | undefined;
  running: boolean;
  /** What the run is about. */
  about: StaffingValues | null;
  error: unknown;
  begin: (values: StaffingValues) => Promise<void>;
  cancel: () => void;
}

export function useSimulated(): SimulatedState {
  const client = useQueryClient();
  const [keys] = useState(() => ({
    kept: ownKey("cc-staffing-simulated"),
    begun: ownKey("cc-staffing-simulating"),
  }));
  const [kept, setKept] = useState(() => keptFrom(read(globalThis.localStorage, keys.kept)));
  const [begun, setBegun] = useState(() => begunFrom(read(globalThis.sessionStorage, keys.begun)));
  const [sending, setSending] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const query = useRun(NAME, begun?.id ?? null, readSimulated);
  const answer = query.data?.answer ?? null;
  useEffect(() => {
    if (begun === null || answer === null) return;
    const made = { values: begun.values, answer };
    setKept(made);
    write(globalThis.localStorage, keys.kept, made);
    setBegun(null);
    write(globalThis.sessionStorage, keys.begun, null);
  }, [answer, begun, keys]);
  const begin = async (values: StaffingValues) => {
    setRefused(null);
    setSending(true);
    try {
      const run = await beginSimulated(simulatedBodyOf(values));
      client.setQueryData([NAME, run.id], run);
      const next = { id: run.id, values };
      setBegun(next);
      write(globalThis.sessionStorage, keys.begun, next);
    } catch (problem) {
      setRefused(problem);
    } finally {
      setSending(false);
    }
  };
  const run = begun === null ? undefined : query.data;
  return {
    kept,
    run,
    running: sending || (begun !== null && query.error === null && (!run || !over(run))),
    about: begun?.values ?? null,
    error: refused ?? (begun === null ? null : query.error),
    begin,
    cancel: () => {
      if (begun !== null) void cancelSimulated(begun.id).finally(() => query.refetch());
    },
  };
}

/** The kept result, if it holds for this question. */
export const holding = (kept: Kept | null, asked: StaffingValues): SimulatedAnswer | null =>
  kept !== null && sameQuestion(kept.values, asked) ? kept.answer : null;
