// A group's condition as its form holds it, and whether an agent fulfils it (as `acd/groups.py` decides).
import type { AgentGroup, Clause } from "@/wire/groups";
import type { AgentEntry } from "@/wire/rest";
import { freshKey } from "./queue_values";

export interface ClauseValues {
  key: string;
  kind: Clause["kind"];
  name: string;
  low: number | string;
  high: number | string;
}

export interface GroupValues {
  id: string;
  name: string;
  match: "all" | "any";
  clauses: ClauseValues[];
}

export function groupValuesOf(group: AgentGroup | null): GroupValues {
  return {
    id: group?.id ?? "",
    name: group?.name ?? "",
    match: group?.match ?? "all",
    clauses: (group?.clauses ?? []).map(({ kind, name, low, high }) => ({
      key: freshKey(),
      kind,
      name,
      low: low ?? 1,
      high: high ?? 10,
    })),
  };
}

type Known = Pick<AgentEntry, "skills" | "team" | "queues">;

export function fulfils(agent: Known, { match, clauses }: GroupValues): boolean {
  if (clauses.length === 0) return false;
  const holds = (clause: ClauseValues) => {
    if (clause.kind === "team") return agent.team === clause.name;
    if (clause.kind === "queue") return agent.queues.includes(clause.name);
    const level = agent.skills?.[clause.name] ?? 0;
    return Number(clause.low) <= level && level <= Number(clause.high);
  };
  return match === "all" ? clauses.every(holds) : clauses.some(holds);
}
