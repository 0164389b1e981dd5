// The grid of a wallboard, 12 by 8, and the colours of its figures. Pure.
import type { AgentRow, QueueRow } from "@/wire/messages";

export const COLUMNS = 12;
export const ROWS = 8;

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

const between = (low: number, value: number, high: number) => Math.max(low, Math.min(value, high));

/** As it was wanted, but on the board. */
export function fitted<Tile extends Box>(tile: Tile): Tile {
  const w = between(1, tile.w, COLUMNS);
  const h = between(1, tile.h, ROWS);
  return { ...tile, w, h, x: between(0, tile.x, COLUMNS - w), y: between(0, tile.y, ROWS - h) };
}

/** The first place of this size where nothing stands; the corner when there is none. */
export function freePlace(tiles: readonly Box[], w: number, h: number): Box {
  for (let y = 0; y + h <= ROWS; y += 1)
    for (let x = 0; x + w <= COLUMNS; x += 1)
      if (!tiles.some((o) => x < o.x + o.w && o.x < x + w && y < o.y + o.h && o.y < y + h))
        return { x, y, w, h };
  return { x: 0, y: 0, w, h };
}

export type Level = "none" | "good" | "warn" | "bad";

/** `low`: small values are the bad ones. */
export function levelOf(
  value: number | null,
  limits: { warn?: number | null; bad?: number | null; low?: boolean },
): Level {
  const { warn = null, bad = null, low = false } = limits;
  if (value === null || (warn === null && bad === null)) return "none";
  const beyond = (limit: number) => (low ? value < limit : value >= limit);
  if (bad !== null && beyond(bad)) return "bad";
  return warn !== null && beyond(warn) ? "warn" : "good";
}

const sum = (rows: QueueRow[], of: (row: QueueRow) => number) =>
  rows.reduce((total, row) => total + of(row), 0);
const share = (part: number, whole: number) => (whole === 0 ? null : (100 * part) / whole);

/** A figure over these rows, as `callcenter.core.alerts` works it out; null: there is none. */
export function figure(
  metric: string,
  queues: QueueRow[],
  agents: AgentRow[],
  now: number,
): number | null {
  const inState = (...states: string[]) =>
    agents.filter((row) => states.includes(row.state)).length;
  switch (metric) {
    case "waiting":
      return sum(queues, (row) => row.waiting);
    case "longest_wait": {
      const joined = queues.flatMap(({ oldest_joined_at: at }) => (at === null ? [] : [at]));
      return joined.length === 0 ? 0 : Math.max(0, now - Math.min(...joined));
    }
    case "service_level":
      return share(
        sum(queues, (row) => row.answered_in_target),
        sum(queues, (row) => row.offered),
      );
    case "abandoned":
      return sum(queues, (row) => row.abandoned);
    case "abandon_rate":
      return share(
        sum(queues, (row) => row.abandoned),
        sum(queues, (row) => row.offered),
      );
    case "available":
      return inState("available");
    case "talking":
      return inState("talking", "hold");
    case "paused":
      return inState("paused");
    case "unreachable":
      return inState("unreachable");
    case "over_limit":
      return agents.filter(
        (row) => row.limit_seconds !== null && now - row.since > row.limit_seconds,
      ).length;
    case "callbacks_scheduled":
      return sum(queues, (row) => row.scheduled);
    case "callbacks_due":
      return sum(queues, (row) => row.callbacks_due);
    default:
      return null;
  }
}
