// Choosing and ordering agents for the supervisor's grid. Pure.
import type { AgentRow, AgentState } from "@/wire/messages";

export interface AgentFilter {
  text: string;
  queue: string | null;
  team: string | null;
  /** Empty: all states. */
  states: AgentState[];
}

export const NO_FILTER: AgentFilter = { text: "", queue: null, team: null, states: [] };

const BUSY_FIRST: readonly AgentState[] = [
  "unreachable",
  "offered",
  "talking",
  "hold",
  "wrap-up",
  "available",
  "paused",
  "offline",
];

/** Seconds over the state's limit; 0 where there is none. */
export function overLimit(row: AgentRow, now: number): number {
  return row.limit_seconds === null ? 0 : Math.max(0, now - row.since - row.limit_seconds);
}

export function filterAgents(rows: AgentRow[], filter: AgentFilter, now: number): AgentRow[] {
  const wanted = filter.text.trim().toLocaleLowerCase();
  return rows
    .filter(
      (row) =>
        (wanted === "" || `${row.name} ${row.agent}`.toLocaleLowerCase().includes(wanted)) &&
        (filter.queue === null || row.queues.includes(filter.queue)) &&
        (filter.team === null || row.team === filter.team) &&
        (filter.states.length === 0 || filter.states.includes(row.state)),
    )
    .sort(
      (a, b) =>
        Number(overLimit(b, now) > 0) - Number(overLimit(a, now) > 0) ||
        BUSY_FIRST.indexOf(a.state) - BUSY_FIRST.indexOf(b.state) ||
        a.name.localeCompare(b.name),
    );
}

type Agents = Readonly<Record<string, AgentRow>>;

export function stateCounts(agents: Agents): Partial<Record<AgentState, number>> {
  const counts: Partial<Record<AgentState, number>> = {};
  for (const { state } of Object.values(agents)) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** In the order of the alphabet, each once. */
export function teamsOf(agents: Agents): string[] {
  const teams = new Set(Object.values(agents).map(({ team }) => team));
  return [...teams].filter(Boolean).sort((a, b) => a.localeCompare(b));
}
