// The flow on the screen with its history, what is selected, and what the server said about it. All
// changes go through `edit`, so that each can be undone and is saved.
import { create } from "zustand";
import type { Catalogue } from "./catalogue";
import {
  addNode,
  connect,
  type Flow,
  type FlowNode,
  freeId,
  onlyWayOut,
  type Place,
  reconnect,
  removeThings,
} from "./flow";
import { begin, change, type History, redo, undo } from "./history";

/** A mistake the server found; `node`, `port`, `field` are "" where it belongs to none. */
export interface Mistake {
  node: string;
  port: string;
  field: string;
  code: string;
  message: string;
  cure: string;
  message_zh: string;
  cure_zh: string;
}

export type Saving = "saved" | "changed" | "saving" | "offline" | "conflict" | "refused";

/** What was just deleted, while the ways into it can still be led on. */
export interface Removal {
  before: Flow;
  ids: ReadonlySet<string>;
  target: string;
  ways: number;
}

/** What the simulator went through, to be lit on the canvas. */
export interface Lit {
  nodes: ReadonlySet<string>;
  ways: ReadonlySet<string>;
  at: string;
}

export interface EditorState {
  catalogue: Catalogue;
  /** What the groups of kinds are called. */
  groups: ReadonlyMap<string, string>;
  history: History<Flow>;
  selected: ReadonlySet<string>;
  mistakes: readonly Mistake[];
  /** The mistakes by node, for the nodes on the canvas. */
  byNode: ReadonlyMap<string, readonly Mistake[]>;
  checked: boolean;
  saving: Saving;
  removal: Removal | null;
  lit: Lit | null;
  /** Callers by `node/port` since a moment, and by node; null while they are not shown. */
  counts: ReadonlyMap<string, number> | null;
  /** A node to be shown in the middle; the number makes the same node a new wish. */
  wanted: { id: string; wish: number } | null;
}

const EMPTY: Flow = {
  id: "",
  name: "",
  start: "",
  languages: ["en"],
  timezone: "UTC",
  fallback: "",
  variables: {},
  calendars: {},
  prompts: {},
  nodes: {},
  tests: [],
  layout: {},
  notes: {},
  more: {},
};

const BEGIN: EditorState = {
  catalogue: new Map(),
  groups: new Map(),
  history: begin(EMPTY),
  selected: new Set(),
  mistakes: [],
  byNode: new Map(),
  checked: false,
  saving: "saved",
  removal: null,
  lit: null,
  counts: null,
  wanted: null,
};

export const useEditor = create<EditorState>(() => BEGIN);

export const flowNow = (): Flow => useEditor.getState().history.present;
export const useFlow = (): Flow => useEditor((state) => state.history.present);

export function openFlow(flow: Flow): void {
  const { catalogue, groups } = useEditor.getState();
  useEditor.setState({ ...BEGIN, catalogue, groups, history: begin(flow) });
}

/** One change. Changes of the same `group` in quick succession are undone together. */
export function edit(group: string, make: (flow: Flow) => Flow): void {
  useEditor.setState((state) => {
    const history = change(state.history, make(state.history.present), group, Date.now());
    return history === state.history ? state : { history, removal: null };
  });
}

function travel(step: (history: History<Flow>) => History<Flow>): void {
  useEditor.setState((state) => {
    const history = step(state.history);
    const there = history.present;
    const selected = [...state.selected].filter((id) => id in there.nodes || id in there.notes);
    return { history, selected: new Set(selected), removal: null };
  });
}

export const undoOnce = (): void => travel(undo);
export const redoOnce = (): void => travel(redo);

export function select(ids: Iterable<string>): void {
  const selected = new Set(ids);
  const { selected: before } = useEditor.getState();
  if (selected.size === before.size && [...selected].every((id) => before.has(id))) return;
  useEditor.setState({ selected });
}

let wishes = 0;

/** Select a node and bring it into the middle of the canvas. */
export function show(id: string): void {
  wishes += 1;
  useEditor.setState({ selected: new Set([id]), wanted: { id, wish: wishes } });
}

/** A new node; `from`: the way [node, port] that leads to it. Answers its id. */
export function add(kind: string, at: Place, from?: readonly [string, string]): string {
  const flow = flowNow();
  const taken = (id: string) => id in flow.nodes || id in flow.notes;
  const id = freeId(taken, kind);
  const node: FlowNode = { kind, settings: {}, ports: {} };
  edit("", (now) => {
    const added = addNode(now, id, node, at);
    return from === undefined ? added : connect(added, from[0], from[1], id);
  });
  select([id]);
  return id;
}

export function removeSelected(): void {
  const { selected, history } = useEditor.getState();
  const before = history.present;
  const ids = new Set([...selected].filter((id) => id in before.nodes || id in before.notes));
  if (ids.size === 0) return;
  edit("", (flow) => removeThings(flow, ids));
  const target = onlyWayOut(before, ids);
  const ways = Object.entries(before.nodes).reduce(
    (sum, [id, node]) =>
      ids.has(id) ? sum : sum + Object.values(node.ports).filter((to) => ids.has(to)).length,
    0,
  );
  const removal = target !== null && ways > 0 ? { before, ids, target, ways } : null;
  useEditor.setState({ selected: new Set(), removal });
}

/** The offer after a removal is taken: one step of undo takes both back. */
export function acceptReconnect(): void {
  const { removal } = useEditor.getState();
  if (removal === null) return;
  const { before, ids, target } = removal;
  edit("", (flow) => reconnect(before, flow, ids, target));
}

export function setMistakes(mistakes: readonly Mistake[]): void {
  const byNode = new Map<string, Mistake[]>();
  for (const mistake of mistakes) {
    if (mistake.node === "") continue;
    // A mistake inside a sub-flow is marked at the node that calls it.
    const id = mistake.node.split(".")[0] ?? mistake.node;
    byNode.set(id, [...(byNode.get(id) ?? []), mistake]);
  }
  useEditor.setState({ mistakes, byNode, checked: true });
}
