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
/** What is pressed while the link is away waits so long for it to come back. */
const LINK_WITHIN_MS = 8_000;
const ALARMS_KEPT = 50;

export interface Alarm {
  code: string;
  text: string;
  at: number;
}

interface ConsoleState {
  live: Live;
  link: LinkState;
  /** The link is away, but not for long: what is pressed now is sent when it is back. */
  patient: boolean;
  backend: { asterisk: boolean; database: boolean };
  alarms: Alarm[];
  /** Browser time (ms) of the last message: how old the picture is while the link is down. */
  heardAt: number;
}

const LINK_IDLE: LinkState = { phase: "idle", since: 0, attempts: 0, retryAt: null, reason: "" };
const START: ConsoleState = {
  live: NOTHING_KNOWN,
  link: LINK_IDLE,
  patient: false,
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

/** The newest picture. What is shown may be one frame behind it where others are concerned. */
let picture: Live = NOTHING_KNOWN;
let frame: number | null = null;
let more = false; // than is shown, until that frame

const waiting = new Map<string, Waiting>();
/** Pressed while the link was away, in the order of the presses; sent when the picture is fresh again. */
const unsent = new Map<string, CommandBody>();
let patience: ReturnType<typeof setTimeout> | null = null;
let socket: ConsoleSocket | null = null;

export function startConsole(): void {
  if (socket !== null) return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const url = () => {
    const { known, epoch, seq } = picture;
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
  picture = NOTHING_KNOWN;
  set(START);
}

export function reconnectConsole(): void {
  socket?.connectNow();
}

/** Resolves when the server has carried it out; rejects with `Refused` in 3 s at the latest, or, where the
 * link is away for a moment, so long after it came back. `waits` false: now or not at all. */
export function command(body: CommandBody, waits = true): Promise<void> {
  const id = crypto.randomUUID();
  return new Promise((resolve, reject) => {
    const done = (refusal: string | null) =>
      refusal === null ? resolve() : reject(new Refused(refusal));
    if (now().patient && waits) {
      unsent.set(id, body);
      waiting.set(id, { done, timer: setTimeout(() => settle(id, "not-sent"), LINK_WITHIN_MS) });
      return;
    }
    waiting.set(id, { done, timer: setTimeout(() => settle(id, "no-answer"), REPLY_WITHIN_MS) });
    if (!send(id, body)) settle(id, "not-sent");
  });
}

const send = (id: string, body: CommandBody): boolean =>
  socket?.send({ ...body, id } as Parameters<ConsoleSocket["send"]>[0]) ?? false;

function settle(id: string, refusal: string | null): void {
  const entry = waiting.get(id);
  if (entry === undefined) return;
  waiting.delete(id);
  unsent.delete(id);
  clearTimeout(entry.timer);
  entry.done(refusal);
}

/** The picture is fresh: what was pressed meanwhile is about calls as they were, which the server checks. */
function sendUnsent(): void {
  if (patience !== null) clearTimeout(patience);
  patience = null;
  set({ patient: false });
  for (const [id, body] of [...unsent]) {
    const entry = waiting.get(id);
    unsent.delete(id);
    if (entry === undefined) continue;
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => settle(id, "no-answer"), REPLY_WITHIN_MS);
    if (!send(id, body)) settle(id, "not-sent");
  }
}

function loseHope(): void {
  patience = null;
  set({ patient: false });
  for (const id of [...unsent.keys()]) settle(id, "not-sent");
}

function bePatient(link: LinkState): void {
  const ending = link.phase !== "waiting" && link.phase !== "connecting";
  if (ending && link.phase !== "open" && patience !== null) {
    clearTimeout(patience);
    loseHope();
  } else if (link.phase === "waiting" && now().link.phase === "open") {
    if (patience !== null) clearTimeout(patience);
    patience = setTimeout(loseHope, LINK_WITHIN_MS);
    set({ patient: true });
  }
}

function linkChanged(link: LinkState): void {
  bePatient(link);
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
  const { live, resume } = step(picture, message);
  picture = live;
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
  if (!isOfOthers(message, live) || document.hidden) show();
  else if (frame === null) showFirst();
  else more = true;
  if (message.type === "snapshot" || message.type === "resumed") sendUnsent();
}

/** At once, so that it is drawn by the next frame; what else comes until then is shown with that frame. */
function showFirst(): void {
  frame = requestAnimationFrame(() => {
    frame = null;
    if (more) showFirst();
  });
  show();
}

function show(): void {
  more = false;
  set(picture === now().live ? { heardAt: Date.now() } : { live: picture, heardAt: Date.now() });
}

/** Hundreds a second for who watches a whole centre: painted once a frame, not one by one. */
function isOfOthers(message: ServerMessage, { agent }: Live): boolean {
  if (message.type === "agent") return message.key !== agent;
  return message.type === "queue" || (message.type === "call" && agent === null);
}

// -- what components ask -------------------------------------------------------------------------------
export const useOwnRow = (): AgentRow | null => useConsole((state) => ownRow(state.live));

/** Buttons work: the picture is fresh, or the link is away for a moment and what is pressed waits. */
export const useLinked = (): boolean =>
  useConsole(
    ({ link, live, patient }) => live.known && (patient || (link.phase === "open" && !live.gap)),
  );
