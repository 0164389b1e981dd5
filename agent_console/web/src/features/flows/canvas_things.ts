// The flow as the canvas library wants it: nodes with sizes and handle places (so that those off the
// screen need not be drawn to be connected), and edges. Unchanged things keep their identity.
import { type Edge, type Node, Position } from "@xyflow/react";
import { HEAD_HEIGHT, heightOf, NODE_WIDTH, PORT_HEIGHT } from "./model/arrange";
import { type Catalogue, portsOf } from "./model/catalogue";
import type { Lit } from "./model/editor";
import type { Flow, FlowNode, Place } from "./model/flow";

const HANDLE = 11;
const NOTE_WIDTH = 200;

export interface ThingData extends Record<string, unknown> {
  source: FlowNode | null;
}
export type Thing = Node<ThingData, "step" | "note">;

function handlesOf(catalogue: Catalogue, node: FlowNode): Thing["handles"] {
  const size = { width: HANDLE, height: HANDLE };
  const into = { type: "target" as const, position: Position.Left, x: -HANDLE / 2, ...size };
  return [
    { ...into, y: HEAD_HEIGHT / 2 - HANDLE / 2 },
    ...portsOf(catalogue, node).map(({ name }, index) => ({
      id: name,
      type: "source" as const,
      position: Position.Right,
      x: NODE_WIDTH - HANDLE / 2,
      y: HEAD_HEIGHT + index * PORT_HEIGHT + PORT_HEIGHT / 2 - HANDLE / 2,
      ...size,
    })),
  ];
}

const at = ([x, y]: Place) => ({ x, y });

/** `before` gives unchanged things; while one is dragged, its place there is the newer one. */
export function thingsOf(
  catalogue: Catalogue,
  flow: Flow,
  selected: ReadonlySet<string>,
  before: readonly Thing[],
  words: (id: string) => string,
): Thing[] {
  const old = new Map(before.map((thing) => [thing.id, thing]));
  const fresh = (thing: Thing): Thing => {
    const was = old.get(thing.id);
    if (was === undefined) return thing;
    const still =
      was.data.source === thing.data.source &&
      (was.selected ?? false) === thing.selected &&
      was.ariaLabel === thing.ariaLabel &&
      (was.dragging ||
        (was.position.x === thing.position.x && was.position.y === thing.position.y));
    if (still) return was;
    const moved = was.dragging ? was.position : thing.position;
    return { ...was, ...thing, position: moved };
  };
  const nodes = Object.entries(flow.nodes).map(([id, node]) =>
    fresh({
      id,
      type: "step",
      position: at(flow.layout[id] ?? [0, 0]),
      data: { source: node },
      width: NODE_WIDTH,
      height: heightOf(catalogue, flow, id),
      handles: handlesOf(catalogue, node),
      selected: selected.has(id),
      ariaLabel: words(id),
    }),
  );
  const notes = Object.entries(flow.notes).map(([id, note]) =>
    fresh({
      id,
      type: "note",
      position: at(note.at),
      data: { source: null },
      width: NOTE_WIDTH,
      selected: selected.has(id),
      ariaLabel: note.text,
    }),
  );
  return [...nodes, ...notes];
}

/** Where callers hung up, among the counts. */
export const dropKey = (node: string) => `dropped ${node}`;
export const wayId = (node: string, port: string) => `${node}/${port}`;

export function waysOf(
  flow: Flow,
  chosen: ReadonlySet<string>,
  lit: Lit | null,
  counts: ReadonlyMap<string, number> | null,
): Edge[] {
  return Object.entries(flow.nodes).flatMap(([id, node]) =>
    Object.entries(node.ports)
      .filter(([, target]) => target in flow.nodes)
      .map(([port, target]): Edge => {
        const key = wayId(id, port);
        const label = counts === null ? undefined : share(counts, id, key);
        return {
          id: key,
          source: id,
          sourceHandle: port,
          target,
          selected: chosen.has(key),
          ariaLabel: `${id}, ${port}: ${target}`,
          ...(lit?.ways.has(key) ? { className: "fd-lit", zIndex: 1 } : {}),
          ...(label === undefined ? {} : { label }),
        };
      }),
  );
}

/** `128 · 40 %`: how many went this way, of those who came to the node. */
function share(counts: ReadonlyMap<string, number>, id: string, key: string): string | undefined {
  const went = counts.get(key) ?? 0;
  const came = counts.get(id) ?? 0;
  return came === 0 ? String(went) : `${went} · ${Math.round((100 * went) / came)} %`;
}
