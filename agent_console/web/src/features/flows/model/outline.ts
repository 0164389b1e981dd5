// The flow as a list to read from top to bottom: each node once, below the way that leads to it first;
// a way to a node that stands elsewhere is a reference. For those who use no mouse.
import { type Catalogue, type PortSpec, portsOf } from "./catalogue";
import type { Flow } from "./flow";

export interface OutlineWay {
  port: PortSpec;
  target: string | null;
  /** The target stands below this way; otherwise it is only named. */
  opens: boolean;
}

export interface OutlineRow {
  id: string;
  level: number;
  /** The way that leads here: [node, port]; null for the start and for what nothing leads to. */
  by: readonly [string, string] | null;
  /** What that way is called. */
  byTitle: string;
  ways: OutlineWay[];
  /** False: nothing leads here from the start. */
  reached: boolean;
}

export function outline(catalogue: Catalogue, flow: Flow): OutlineRow[] {
  const rows: OutlineRow[] = [];
  const seen = new Set<string>();
  const portTitle = ([from, port]: readonly [string, string]) => {
    const node = flow.nodes[from];
    return node && portsOf(catalogue, node).find(({ name }) => name === port)?.title;
  };
  const walk = (id: string, by: OutlineRow["by"], level: number, reached: boolean) => {
    const stack: [string, OutlineRow["by"], number][] = [[id, by, level]];
    while (stack.length > 0) {
      const [at, from, depth] = stack.pop() as [string, OutlineRow["by"], number];
      const node = flow.nodes[at];
      if (node === undefined || seen.has(at)) continue;
      seen.add(at);
      const ways: OutlineWay[] = portsOf(catalogue, node).map((port) => {
        const target = node.ports[port.name] ?? null;
        return {
          port,
          target,
          opens: target !== null && target in flow.nodes && !seen.has(target),
        };
      });
      const way = from === null ? undefined : portTitle(from);
      rows.push({ id: at, level: depth, by: from, byTitle: way ?? "", ways, reached });
      for (const way of [...ways].reverse()) {
        if (way.opens && way.target !== null)
          stack.push([way.target, [at, way.port.name], depth + 1]);
      }
    }
  };
  walk(flow.start, null, 0, true);
  for (const id of Object.keys(flow.nodes)) if (!seen.has(id)) walk(id, null, 0, false);
  const first = new Map(rows.map((row) => [row.id, row.by]));
  for (const row of rows) {
    for (const way of row.ways) {
      const by = way.target === null ? null : (first.get(way.target) ?? null);
      way.opens = by !== null && by[0] === row.id && by[1] === way.port.name;
    }
  }
  return rows;
}
