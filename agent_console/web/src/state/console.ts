// The live store of this tab: one websocket, one picture, commands with their answers. React reads it
// through `useConsole`; the rules of the picture are in live.ts.
import { create } from "zustand";
import { ConsoleSocket, type LinkState } from "@/wire/console_socket";
import type { AgentRow, CommandBody, ServerMessage } from "@/wire/messages";
import { ApiError, readSession } from "@/wire/rest";
import { noteServerClock } from "./clock";
import { type Live, NOTHING_KNOWN, ownRow, step } from "./live";
import { mark } from "./marks";
import { queryClient } from "./session";

const REPLY_WITHIN_MS = 3_000;
const ALARMS_KEPT = 50;

export interface Alarm {
  code: string;
  text: string;
  at: number;
}

interface ConsoleState {
  live: Live;
  link: LinkState;
  backend: { asterisk: boolean; database: boolean };
  alarms: Alarm[];
  /** Browser time (ms) of the last message: how old the picture is while the link is down. */
  heardAt: number;
}

const LINK_IDLE: LinkState = { phase: "idle", since: 0, attempts: 0, retryAt: null, reason: "" };
const START: ConsoleState = {
  live: NOTHING_KNOWN,
  link: LINK_IDLE,
  backend: { asterisk: true, database: true },
  alarms: [],
  heardAt: 0,
};

export const useConsole = create<ConsoleState>(() => START);
const { getState: now, setState: set } = useConsole;

/** A command the server did not carry out. `code` is its reason, or `no-answer` / `not-sent`. */
export class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
    this.name = "Refused";
  }
}

interface Waiting {
  done: (refusal: string | null) => void;
  timer: ReturnType<typeof setTimeout>;
}

const waiting = new Map<string, Waiting>();
let socket: ConsoleSocket | null = null;

export function startConsole(): void {
  if (socket !== null) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const url = () => {
    const { known, epoch, seq } = now().live;
    const from = known ? `?epoch=${epoch}&seq=${seq}` : "";
    return `${scheme}://${location.host}/ws/console${from}`;
  };
  socket = new ConsoleSocket(url, {
    onMessage: take,
    onState: linkChanged,
  });
  socket.start();
}

export function stopConsole(): void {
  socket?.stop();
  socket = null;
  set(START);
}

export function reconnectConsole(): void {
  socket?.connectNow();
}

/** Resolves when the server has carried it out; rejects with `Refused` in 3 s at the latest. */
export function command(body: CommandBody): Promise<void> {
  const id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(id, "no-answer"), REPLY_WITHIN_MS);
    const done = (refusal: string | null) =>
      refusal === null ? resolve() : reject(new Refused(refusal));
    waiting.set(id, { done, timer });
    const sent = socket?.send({ ...body, id } as Parameters<ConsoleSocket["send"]>[0]) ?? false;
    if (!sent) settle(id, "not-sent");
  });
}

function settle(id: string, refusal: string | null): void {
  const entry = waiting.get(id);
  if (entry === undefined) return;
  waiting.delete(id);
  clearTimeout(entry.timer);
  entry.done(refusal);
}

function linkChanged(link: LinkState): void {
  set({ link });
  // A handshake refused with 401 looks like any other failure here: ask who we are.
  if (link.phase === "waiting" && link.attempts > 1) readSession().catch(signedOutBy);
}

/** Any request answered with 401 means that the session is over, whoever asked. */
function signedOutBy(error: unknown): void {
  if (!(error instanceof ApiError) || error.status !== 401 || socket === null) return;
  socket.stop();
  linkChanged({ ...LINK_IDLE, phase: "signed-out", since: Date.now() });
}

queryClient.getQueryCache().config.onError = signedOutBy;

function take(message: ServerMessage): void {
  const { live, resume } = step(now().live, message);
  if (resume !== undefined) socket?.send({ type: "resume", ...resume });
  if (message.type === "call" && message.row?.stage === "offered") mark("offer-row", message.key);
  if (message.type === "snapshot" || message.type === "resumed")
    noteServerClock(message.clock, true);
  if (message.type === "pong") noteServerClock(message.clock);
  if (message.type === "news")
    void queryClient.invalidateQueries({ queryKey: ["news", message.what] });
  if (message.type === "reply") settle(message.id, message.refusal);
  if (message.type === "links") set({ backend: message });
  if (message.type === "alarm") {
    const { code, text, at } = message;
    set({ alarms: [{ code, text, at }, ...now().alarms].slice(0, ALARMS_KEPT) });
  }
  set(live === now().live ? { heardAt: Date.now() } : { live, heardAt: Date.now() });
}

// -- what components ask -------------------------------------------------------------------------------
export const useOwnRow = (): AgentRow | null => useConsole((state) => ownRow(state.live));

/** Commands can be sent now and the picture is fresh. */
export const useLinked = (): boolean =>
  useConsole((state) => state.link.phase === "open" && state.live.known && !state.live.gap);
