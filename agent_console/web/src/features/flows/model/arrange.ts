// Where nodes stand when nobody has placed them: left to right in the order of the calls (dagre).
import dagre from "@dagrejs/dagre";
import { type Catalogue, portsOf } from "./catalogue";
import type { Flow, Place } from "./flow";

export const NODE_WIDTH = 232;
export const HEAD_HEIGHT = 52;
export const PORT_HEIGHT = 24;
const GAP_ACROSS = 90;
const GAP_DOWN = 28;

export function heightOf(catalogue: Catalogue, flow: Flow, id: string): number {
  const node = flow.nodes[id];
  return HEAD_HEIGHT + (node ? portsOf(catalogue, node).length * PORT_HEIGHT : 0);
}

/** A place for every node. */
export function arranged(catalogue: Catalogue, flow: Flow): Map<string, Place> {
  const graph = new dagre.graphlib.Graph({ multigraph: false });
  graph.setGraph({ rankdir: "LR", ranksep: GAP_ACROSS, nodesep: GAP_DOWN });
  graph.setDefaultEdgeLabel(() => ({}));
  const ids = Object.keys(flow.nodes);
  // The start comes first, so that it stands at the left edge.
  ids.sort((a, b) => Number(b === flow.start) - Number(a === flow.start));
  for (const id of ids) {
    graph.setNode(id, { width: NODE_WIDTH, height: heightOf(catalogue, flow, id) });
  }
  for (const id of ids) {
    for (const target of Object.values(flow.nodes[id]?.ports ?? {})) {
      if (target in flow.nodes && target !== id) graph.setEdge(id, target);
    }
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
