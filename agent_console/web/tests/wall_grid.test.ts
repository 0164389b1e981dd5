import { describe, expect, it } from "vitest";
import { figure, fitted, freePlace, levelOf } from "@/state/wall_grid";
import { agentRow, queueRow } from "./rows";

describe("the grid of a wallboard", () => {
  it("keeps a tile on the board", () => {
    expect(fitted({ x: 11, y: -3, w: 4, h: 99 })).toEqual({ x: 8, y: 0, w: 4, h: 8 });
    expect(fitted({ x: 2, y: 2, w: 0, h: 1 })).toEqual({ x: 2, y: 2, w: 1, h: 1 });
  });
  it("finds a free place, or takes the corner", () => {
    expect(freePlace([{ x: 0, y: 0, w: 6, h: 8 }], 3, 2)).toEqual({ x: 6, y: 0, w: 3, h: 2 });
    expect(freePlace([{ x: 0, y: 0, w: 12, h: 8 }], 3, 2)).toEqual({ x: 0, y: 0, w: 3, h: 2 });
  });
  it("knows which side is the bad one", () => {
    expect(levelOf(5, { warn: 3, bad: 6 })).toBe("warn");
    expect(levelOf(6, { warn: 3, bad: 6 })).toBe("bad");
    expect(levelOf(75, { warn: 80, bad: 70, low: true })).toBe("warn");
    expect(levelOf(90, { warn: 80, bad: 70, low: true })).toBe("good");
    expect(levelOf(null, { warn: 1 })).toBe("none");
    expect(levelOf(5, {})).toBe("none");
  });
});

describe("a figure", () => {
  const queues = [
    {
      ...queueRow("sales"),
      waiting: 2,
      oldest_joined_at: 940,
      offered: 10,
      answered_in_target: 7,
      scheduled: 2,
      callbacks_due: 3,
    },
    {
      ...queueRow("support"),
      scheduled: 3,
      callbacks_due: 1,
      waiting: 1,
      oldest_joined_at: 900,
      offered: 10,
      answered_in_target: 10,
    },
  ];
  const agents = [{ ...agentRow("ada"), state: "hold" as const }];
  it("is what the service works out, too", () => {
    expect(figure("waiting", queues, agents, 1000)).toBe(3);
    expect(figure("longest_wait", queues, agents, 1000)).toBe(100);
    expect(figure("service_level", queues, agents, 1000)).toBe(85);
    expect(figure("service_level", [], agents, 1000)).toBeNull();
    expect(figure("talking", queues, agents, 1000)).toBe(1);
    expect(figure("callbacks_scheduled", queues, agents, 1000)).toBe(5);
    expect(figure("callbacks_due", queues, agents, 1000)).toBe(4);
  });
});
