// Where nodes stand when nobody has placed them: left to right in the order of the calls (dagre).
import dagre from "@dagrejs/dagre";
import { type Catalogue, portsOf } from "./catalogue";
import type { Flow, Place } from "./flow";

export const NODE_WIDTH = 232;
export const HEAD_HEIGHT = 52;
export const PORT_HEIGHT = 24;
const GAP_ACROSS = 90;
const GAP_DOWN = 28;
// dagre lays out a way over many nodes as a place in each column it crosses: for 500 nodes of which a
// quarter lead to one queue that took ten seconds. Larger flows stand in plain columns.
const DAGRE_NODES_MAX = 100;

export function heightOf(catalogue: Catalogue, flow: Flow, id: string): number {
  const node = flow.nodes[id];
  return HEAD_HEIGHT + (node ? portsOf(catalogue, node).length * PORT_HEIGHT : 0);
}

/** A place for every node. */
export function arranged(catalogue: Catalogue, flow: Flow): Map<string, Place> {
  const ids = Object.keys(flow.nodes);
  // The start comes first, so that it stands at the left edge.
  ids.sort((a, b) => Number(b === flow.start) - Number(a === flow.start));
  return ids.length > DAGRE_NODES_MAX
    ? inColumns(catalogue, flow, ids)
    : byDagre(catalogue, flow, ids);
}

function targetsOf(flow: Flow, id: string): string[] {
  const targets = Object.values(flow.nodes[id]?.ports ?? {});
  return targets.filter((target) => target in flow.nodes && target !== id);
}

function byDagre(catalogue: Catalogue, flow: Flow, ids: readonly string[]): Map<string, Place> {
  const graph = new dagre.graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: "LR", ranksep: GAP_ACROSS, nodesep: GAP_DOWN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) {
    graph.setNode(id, { width: NODE_WIDTH, height: heightOf(catalogue, flow, id) });
  }
  for (const id of ids) {
    for (const target of targetsOf(flow, id)) graph.setEdge(id, target);
  }
  dagre.layout(graph);
  return new Map(
    ids.map((id) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      const height = heightOf(catalogue, flow, id);
      return [id, [Math.round(x - NODE_WIDTH / 2), Math.round(y - height / 2)]];
    }),
  );
}

/** A node stands one column behind the first that leads to it, beside it or as near below as there
 * is room. */
function inColumns(catalogue: Catalogue, flow: Flow, ids: readonly string[]): Map<string, Place> {
  const places = new Map<string, Place>();
  const bottoms: number[] = []; // of each column
  for (const root of ids) {
    const todo = [{ id: root, column: 0, y: 0 }];
    for (let at = todo.shift(); at !== undefined; at = todo.shift()) {
      const { id, column } = at;
      if (places.has(id)) continue;
      const y = Math.max(at.y, bottoms[column] ?? 0);
      places.set(id, [column * (NODE_WIDTH + GAP_ACROSS), y]);
      bottoms[column] = y + heightOf(catalogue, flow, id) + GAP_DOWN;
      for (const target of targetsOf(flow, id)) todo.push({ id: target, column: column + 1, y });
    }
  }
  return places;
}

/** The flow with a place for every node that has none; all are placed anew when most have none. */
export function placed(catalogue: Catalogue, flow: Flow): Flow {
  const ids = Object.keys(flow.nodes);
  const missing = ids.filter((id) => !(id in flow.layout));
  if (missing.length === 0) return flow;
  const all = arranged(catalogue, flow);
  if (missing.length * 2 >= ids.length) return { ...flow, layout: Object.fromEntries(all) };
  const below = Math.max(...Object.values(flow.layout).map(([, y]) => y)) + 160;
  const layout = { ...flow.layout };
  missing.forEach((id, index) => {
    layout[id] = [index * (NODE_WIDTH + GAP_ACROSS), below];
  });
  return { ...flow, layout };
}
