// Copied nodes as text, so that they go from one flow to another, from one tab to another, and into a
// mail. What a text brings is looked at before it is taken in.
import {
  type Flow,
  type FlowNode,
  freeId,
  type Json,
  type Note,
  type Place,
  readFlow,
  writeNode,
} from "./flow";

const MARK = "callcenter-flow-part";
const PASTE_LENGTH_MAX = 400_000;
const PASTE_NODES_MAX = 500;
const BESIDE = 40;

/** The nodes and notes of these ids with their places and the words of their prompts. */
export function copyText(flow: Flow, ids: ReadonlySet<string>): string {
  const nodes: Record<string, Json> = {};
  const layout: Record<string, Place> = {};
  const notes: Record<string, Note> = {};
  for (const id of ids) {
    const node = flow.nodes[id];
    const note = flow.notes[id];
    if (node !== undefined) {
      nodes[id] = writeNode(node);
      layout[id] = flow.layout[id] ?? [0, 0];
    } else if (note !== undefined) notes[id] = note;
  }
  const said = JSON.stringify(nodes);
  const prompts = Object.fromEntries(
    Object.entries(flow.prompts).filter(([id]) => said.includes(JSON.stringify(id))),
  );
  return JSON.stringify({ [MARK]: 1, nodes, prompts, layout, notes }, null, 1);
}

/** The part in a copied text; null when it is something else. */
export function readCopied(text: string): Flow | null {
  if (text.length > PASTE_LENGTH_MAX || !text.includes(MARK)) return null;
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null || !(MARK in json)) return null;
    const part = readFlow(json as Json);
    const count = Object.keys(part.nodes).length + Object.keys(part.notes).length;
    return count > 0 && count <= PASTE_NODES_MAX ? part : null;
  } catch {
    return null;
  }
}

/**
 * The flow with the part in it under free ids, and those ids. Ways among what was copied stay, ways out
 * of it are kept where the flow has such a node; words of prompts that the flow has are not touched.
 */
export function paste(flow: Flow, part: Flow, at: Place | null): { flow: Flow; ids: string[] } {
  const taken = new Set([...Object.keys(flow.nodes), ...Object.keys(flow.notes)]);
  const names = new Map<string, string>();
  for (const id of [...Object.keys(part.nodes), ...Object.keys(part.notes)]) {
    const free = freeId((one) => taken.has(one), id);
    taken.add(free);
    names.set(id, free);
  }
  const [dx, dy] = shift(part, at);
  const moved = ([x, y]: Place): Place => [x + dx, y + dy];
  const nodes: Record<string, FlowNode> = { ...flow.nodes };
  const layout: Record<string, Place> = { ...flow.layout };
  const notes: Record<string, Note> = { ...flow.notes };
  for (const [id, node] of Object.entries(part.nodes)) {
    const ports = Object.entries(node.ports)
      .map(([port, target]) => [port, names.get(target) ?? target] as const)
      .filter(([, target]) => target in flow.nodes || [...names.values()].includes(target));
    nodes[names.get(id) ?? id] = { ...node, ports: Object.fromEntries(ports) };
    layout[names.get(id) ?? id] = moved(part.layout[id] ?? [0, 0]);
  }
  for (const [id, note] of Object.entries(part.notes)) {
    notes[names.get(id) ?? id] = { ...note, at: moved(note.at) };
  }
  const prompts = { ...part.prompts, ...flow.prompts };
  return { flow: { ...flow, nodes, layout, notes, prompts }, ids: [...names.values()] };
}

/** To the place asked for by its upper left corner, else a little beside the original. */
function shift(part: Flow, at: Place | null): Place {
  if (at === null) return [BESIDE, BESIDE];
  const places = [
    ...Object.values(part.layout),
    ...Object.values(part.notes).map((note) => note.at),
  ];
  const left = Math.min(...places.map(([x]) => x));
  const top = Math.min(...places.map(([, y]) => y));
  return [at[0] - left, at[1] - top];
}
