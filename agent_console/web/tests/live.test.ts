// The picture after any run of deltas equals the snapshot the server would send then; a gap takes
// nothing and asks once.
import { describe, expect, it } from "vitest";
import {
  byTrouble,
  type Live,
  NOTHING_KNOWN,
  ownCalls,
  serviceLevel,
  servingIn,
  someWaitIn,
  step,
  waitingIn,
} from "@/state/live";
import type { CallRow, ServerMessage, Snapshot } from "@/wire/messages";
import { agentRow, callRow, queueRow } from "./rows";

const snapshot = (part: Partial<Snapshot> = {}): Snapshot => ({
  type: "snapshot",
  epoch: 7,
  seq: 10,
  clock: 1000,
  user: "Ada",
  role: "agent",
  agent: "ada",
  border: "none",
  calls: [],
  agents: [agentRow("ada")],
  queues: [queueRow("sales")],
  ...part,
});

const play = (messages: ServerMessage[], from: Live = NOTHING_KNOWN) =>
  messages.reduce((live, message) => step(live, message).live, from);

const callDelta = (seq: number, key: string, row: CallRow | null): ServerMessage => ({
  type: "call",
  seq,
  key,
  row,
});

describe("the live picture", () => {
  it("is what a snapshot taken after the same deltas says", () => {
    const offered = callRow("c1", { stage: "offered", agent: "ada" });
    const talking = callRow("c2", { stage: "talking", agent: "ada" });
    const after = play([
      snapshot(),
      callDelta(11, "c1", offered),
      callDelta(12, "c2", talking),
      { type: "agent", seq: 13, key: "ada", row: agentRow("ada", { state: "talking" }) },
      { type: "queue", seq: 14, key: "sales", row: null },
      { type: "queue", seq: 15, key: "billing", row: queueRow("billing", { waiting: 3 }) },
      callDelta(16, "c1", null),
    ]);
    const fresh = play([
      snapshot({
        seq: 16,
        calls: [talking],
        agents: [agentRow("ada", { state: "talking" })],
        queues: [queueRow("billing", { waiting: 3 })],
      }),
    ]);
    expect(after).toEqual(fresh);
  });

  it("takes nothing after a gap, asks once, and goes on when the missing ones come", () => {
    const start = play([snapshot()]);
    const row = callRow("c1");
    const first = step(start, callDelta(12, "c1", row));
    expect(first.resume).toEqual({ epoch: 7, seq: 10 });
    expect(first.live).toEqual({ ...start, gap: true });
    const second = step(first.live, callDelta(13, "c1", null));
    expect(second).toEqual({ live: first.live });
    const mended = play(
      [
        { type: "resumed", epoch: 7, seq: 10, clock: 1001 },
        callDelta(11, "c0", row),
        callDelta(12, "c1", row),
      ],
      second.live,
    );
    expect(mended.gap).toBe(false);
    expect(mended.seq).toBe(12);
    expect(Object.keys(mended.calls)).toEqual(["c0", "c1"]);
  });

  it("ignores what it has seen, and everything before the first snapshot", () => {
    const live = play([snapshot(), callDelta(11, "c1", callRow("c1"))]);
    expect(step(live, callDelta(11, "c1", null)).live).toBe(live);
    expect(step(NOTHING_KNOWN, callDelta(1, "c1", callRow("c1"))).live).toBe(NOTHING_KNOWN);
  });

  it("is replaced as a whole by a snapshot of another epoch", () => {
    const live = play([snapshot({ calls: [callRow("old")] }), snapshot({ epoch: 8, seq: 0 })]);
    expect(live.calls).toEqual({});
    expect(live.epoch).toBe(8);
    expect(live.seq).toBe(0);
  });

  it("is not touched by messages that are no part of it", () => {
    const live = play([snapshot()]);
    const others: ServerMessage[] = [
      { type: "pong", clock: 1 },
      { type: "reply", id: "x", refusal: null },
      { type: "links", asterisk: false, database: true },
      { type: "problem", text: "?" },
    ];
    for (const message of others) expect(step(live, message).live).toBe(live);
  });
});

describe("questions to the picture", () => {
  it("names the own calls, the talk before the ring, and nobody else's", () => {
    const live = play([
      snapshot({
        calls: [
          callRow("ring", { stage: "offered", agent: "ada", since: 5 }),
          callRow("talk", { stage: "talking", agent: "ada", since: 9 }),
          callRow("other", { stage: "talking", agent: "ben" }),
          callRow("menu", { stage: "menu" }),
        ],
      }),
    ]);
    expect(ownCalls(live).map((row) => row.call)).toEqual(["talk", "ring"]);
    expect(ownCalls({ ...live, agent: null })).toEqual([]);
  });

  it("counts the service level of all calls offered, and has none before the first", () => {
    expect(serviceLevel(queueRow("a", { offered: 8, answered_in_target: 6 }))).toBe(75);
    expect(serviceLevel(queueRow("a"))).toBeNull();
  });

  it("puts queues in trouble first", () => {
    const rows = [
      queueRow("calm"),
      queueRow("late", { offered: 10, answered_in_target: 2 }),
      queueRow("waiting", { waiting: 1, oldest_joined_at: 100 }),
      queueRow("waiting-longer", { waiting: 1, oldest_joined_at: 50 }),
    ];
    expect(byTrouble(rows).map((row) => row.queue)).toEqual([
      "waiting-longer",
      "waiting",
      "late",
      "calm",
    ]);
  });

  it("has who waits in a queue by their turns, who it rings for among them, and nobody else", () => {
    const { calls } = play([
      snapshot({
        calls: [
          callRow("second", { joined_at: 20 }),
          callRow("first", { joined_at: 10, stage: "offered" }),
          callRow("favoured", { joined_at: 30, turn: 5 }),
          callRow("talks", { joined_at: 1, stage: "talking" }),
          callRow("elsewhere", { queue: "vip" }),
        ],
      }),
    ]);
    expect(waitingIn(calls, "sales").map(({ call }) => call)).toEqual([
      "favoured",
      "first",
      "second",
    ]);
    expect(someWaitIn(calls, "vip")).toBe(true);
    expect(someWaitIn(calls, "billing")).toBe(false);
  });

  it("has who serves a queue, the ready one who waits longest in front", () => {
    const { agents } = play([
      snapshot({
        agents: [
          agentRow("talks", { queues: ["sales"], state: "talking", since: 1 }),
          agentRow("ready", { queues: ["sales", "vip"], since: 50 }),
          agentRow("ready-longer", { queues: ["sales"], since: 40 }),
          agentRow("elsewhere", { queues: ["vip"] }),
        ],
      }),
    ]);
    expect(servingIn(agents, "sales")).toEqual(["ready-longer", "ready", "talks"]);
  });
});
