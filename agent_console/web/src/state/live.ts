// The live picture of the centre as this user may see it, and the one pure function that changes it.
// A snapshot replaces everything; a delta is taken only when its number follows; a gap asks to resume
// and takes nothing until the server has answered. No clock, no socket, no React in here.
import type { AgentRow, CallRow, QueueRow, Role, ServerMessage, Snapshot } from "@/wire/messages";

export interface Live {
  /** False until the first snapshot. */
  known: boolean;
  epoch: number;
  seq: number;
  /** A delta is missing and was asked for. */
  gap: boolean;
  user: string;
  role: Role;
  agent: string | null;
  /** What is seen beside one's own. */
  border: Snapshot["border"];
  calls: Readonly<Record<string, CallRow>>;
  agents: Readonly<Record<string, AgentRow>>;
  queues: Readonly<Record<string, QueueRow>>;
}

export const NOTHING_KNOWN: Live = {
  known: false,
  epoch: 0,
  seq: 0,
  gap: false,
  user: "",
  role: "agent",
  agent: null,
  border: "none",
  calls: {},
  agents: {},
  queues: {},
};

export interface Step {
  live: Live;
  /** Present: send this to the server. */
  resume?: { epoch: number; seq: number };
}

type Delta = Extract<ServerMessage, { key: string }>;

/** Applies one message; those that are no part of the picture (replies, links, pongs) change nothing. */
export function step(live: Live, message: ServerMessage): Step {
  switch (message.type) {
    case "snapshot":
      return { live: fromSnapshot(message) };
    case "resumed":
      return { live: { ...live, epoch: message.epoch, gap: false } };
    case "call":
    case "agent":
    case "queue":
      return afterDelta(live, message);
    default:
      return { live };
  }
}

function fromSnapshot(snapshot: Snapshot): Live {
  const by = <Row>(rows: Row[], key: (row: Row) => string) =>
    Object.fromEntries(rows.map((row) => [key(row), row]));
  return {
    known: true,
    epoch: snapshot.epoch,
    seq: snapshot.seq,
    gap: false,
    user: snapshot.user,
    role: snapshot.role,
    agent: snapshot.agent,
    border: snapshot.border,
    calls: by(snapshot.calls, (row) => row.call),
    agents: by(snapshot.agents, (row) => row.agent),
    queues: by(snapshot.queues, (row) => row.queue),
  };
}

function afterDelta(live: Live, delta: Delta): Step {
  if (!live.known || delta.seq <= live.seq) return { live };
  if (delta.seq > live.seq + 1) {
    if (live.gap) return { live };
    return { live: { ...live, gap: true }, resume: { epoch: live.epoch, seq: live.seq } };
  }
  const numbered = { ...live, seq: delta.seq, gap: false };
  switch (delta.type) {
    case "call":
      return { live: { ...numbered, calls: withRow(live.calls, delta.key, delta.row) } };
    case "agent":
      return { live: { ...numbered, agents: withRow(live.agents, delta.key, delta.row) } };
    case "queue":
      return { live: { ...numbered, queues: withRow(live.queues, delta.key, delta.row) } };
  }
}

function withRow<Row>(
  rows: Readonly<Record<string, Row>>,
  key: string,
  row: Row | null,
): Readonly<Record<string, Row>> {
  if (row !== null) return { ...rows, [key]: row };
  const { [key]: _gone, ...rest } = rows;
  return rest;
}

// -- questions to the picture -----------------------------------------------------------------------
const ATTENTION: readonly CallRow["stage"][] = [
  "talking",
  "held",
  "offered",
  "dialling",
  "wrap-up",
];

/** True for an agent who is asked about another's call. */
export const isAsked = (row: CallRow, agent: string | null): boolean =>
  agent !== null && row.consult?.agent === agent;

const asked = new WeakMap<CallRow, CallRow>();

/** A call as the agent who is asked about it has it: it rings at him, then he talks. */
function asAsked(row: CallRow, consult: NonNullable<CallRow["consult"]>): CallRow {
  const known = asked.get(row);
  if (known !== undefined) return known;
  const made: CallRow = {
    ...row,
    stage: consult.stage === "ringing" ? "offered" : "talking",
    since: consult.since,
    talk_since: consult.stage === "ringing" ? null : consult.since,
    offered_until: null,
    auto_answer: false,
  };
  asked.set(row, made);
  return made;
}

const called = new WeakMap<CallRow, CallRow>();

/** A colleague's call as the one who is called has it: it rings. */
function asCalled(row: CallRow): CallRow {
  const known = called.get(row);
  if (known !== undefined) return known;
  const made: CallRow = { ...row, stage: "offered", auto_answer: false };
  called.set(row, made);
  return made;
}

/** The agent's own calls, the one to look at first in front. */
/** Several phones may ring for one call: it is the own one until somebody answers. */
const isOwn = (row: CallRow, agent: string | null) =>
  row.agent === agent || (agent !== null && (row.offered_to.includes(agent) || row.peer === agent));

export function ownCalls(live: Live): CallRow[] {
  const { agent } = live;
  if (agent === null) return [];
  return Object.values(live.calls)
    .filter((row) => isAsked(row, agent) || (isOwn(row, agent) && ATTENTION.includes(row.stage)))
    .map((row) => {
      if (row.consult !== null && isAsked(row, agent)) return asAsked(row, row.consult);
      return row.peer === agent && row.stage === "dialling" ? asCalled(row) : row;
    })
    .sort((a, b) => ATTENTION.indexOf(a.stage) - ATTENTION.indexOf(b.stage) || a.since - b.since);
}

/** The callers whom this agent has parked, the first to go back to the line in front. */
export function ownParked(live: Live): CallRow[] {
  const { agent } = live;
  if (agent === null) return [];
  return Object.values(live.calls)
    .filter((row) => row.parking?.by === agent)
    .sort((a, b) => (a.parking?.until ?? 0) - (b.parking?.until ?? 0));
}

export function ownRow(live: Live): AgentRow | null {
  return live.agent === null ? null : (live.agents[live.agent] ?? null);
}

const waits = (row: CallRow, queue: string): boolean =>
  row.queue === queue && (row.stage === "waiting" || row.stage === "offered");

export const someWaitIn = (calls: Live["calls"], queue: string): boolean =>
  Object.values(calls).some((row) => waits(row, queue));

/** Who waits in the queue, in the order of their turns. */
export function waitingIn(calls: Live["calls"], queue: string): CallRow[] {
  const joined = (row: CallRow) => row.joined_at ?? row.since;
  const turn = (row: CallRow) => row.turn ?? joined(row);
  return Object.values(calls)
    .filter((row) => waits(row, queue))
    .sort((a, b) => turn(a) - turn(b) || joined(a) - joined(b));
}

/** Who is ready in front. */
export const STATES: readonly AgentRow["state"][] = [
  "available",
  "offered",
  "talking",
  "hold",
  "wrap-up",
  "paused",
  "offline",
  "unreachable",
];

/** Ids of the agents who serve the queue: who is ready in front, in each state the longest in it. */
export function servingIn(agents: Live["agents"], queue: string): string[] {
  return Object.values(agents)
    .filter((row) => row.queues.includes(queue))
    .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || a.since - b.since)
    .map(({ agent }) => agent);
}

/** Percent of the calls offered that were answered in time; null before the first was offered. */
export function serviceLevel(queue: QueueRow): number | null {
  return queue.offered === 0 ? null : (100 * queue.answered_in_target) / queue.offered;
}

/** Queues by trouble: the gap to the target first, then the longest wait, then the name. */
export function byTrouble(queues: QueueRow[]): QueueRow[] {
  const gap = (queue: QueueRow) =>
    Math.max(0, queue.service_level_percent - (serviceLevel(queue) ?? 100));
  const oldest = (queue: QueueRow) => queue.oldest_joined_at ?? Number.POSITIVE_INFINITY;
  return [...queues].sort((a, b) => {
    if (a.waiting > 0 !== b.waiting > 0) return a.waiting > 0 ? -1 : 1;
    return gap(b) - gap(a) || oldest(a) - oldest(b) || a.name.localeCompare(b.name);
  });
}
