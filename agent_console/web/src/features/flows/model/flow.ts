// A flow as the designer holds it, and what can be done with it: plain values in, plain values out.
// Nothing here knows the screen, the server or the history of changes.

export type Place = readonly [x: number, y: number];
export type PromptWords = Record<string, string>;

export interface FlowNode {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly ports: Readonly<Record<string, string>>;
}

export interface Note {
  readonly text: string;
  readonly at: Place;
}

export interface TestCase {
  name: string;
  at?: string;
  caller?: string;
  did?: string;
  with?: Record<string, unknown>;
  data?: Record<string, unknown>;
  steps?: unknown[];
  expect?: Record<string, unknown>;
  emergency?: boolean;
}

export interface Flow {
  readonly id: string;
  readonly name: string;
  readonly start: string;
  readonly languages: readonly string[];
  readonly timezone: string;
  readonly fallback: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly calendars: Readonly<Record<string, Record<string, unknown>>>;
  readonly prompts: Readonly<Record<string, PromptWords>>;
  readonly nodes: Readonly<Record<string, FlowNode>>;
  readonly tests: readonly TestCase[];
  readonly layout: Readonly<Record<string, Place>>;
  readonly notes: Readonly<Record<string, Note>>;
  /** What a newer server may keep here; carried along untouched. */
  readonly more: Readonly<Record<string, unknown>>;
}

export type Json = Record<string, unknown>;

const table = (value: unknown): Json =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : {};
const text = (value: unknown, usual = ""): string => (typeof value === "string" ? value : usual);
const map = <T>(value: unknown, make: (item: unknown) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(table(value)).map(([key, item]) => [key, make(item)]));

function readNode(value: unknown): FlowNode {
  const { kind, ports, next, ...settings } = table(value);
  const ways = map(ports, String);
  return {
    kind: text(kind),
    settings,
    ports: next === undefined ? ways : { next: String(next), ...ways },
  };
}

const readPlace = (value: unknown): Place =>
  Array.isArray(value) ? [Number(value[0]) || 0, Number(value[1]) || 0] : [0, 0];

/** From the form that the server keeps. Whatever is odd there is kept as it is for its check. */
export function readFlow(json: Json): Flow {
  const { id, name, start, languages, timezone, fallback, variables, calendars, ...others } = json;
  const { prompts, nodes, tests, layout, notes, ...more } = others;
  return {
    id: text(id),
    name: text(name, text(id)),
    start: text(start, "start"),
    languages: Array.isArray(languages) && languages.length > 0 ? languages.map(String) : ["en"],
    timezone: text(timezone, "UTC"),
    fallback: text(fallback),
    variables: table(variables),
    calendars: map(calendars, table),
    prompts: map(prompts, (words) => map(words, String)),
    nodes: map(nodes, readNode),
    tests: Array.isArray(tests) ? (tests as TestCase[]) : [],
    layout: map(layout, readPlace),
    notes: map(notes, (note) => ({
      text: text(table(note).text),
      at: readPlace(table(note).at),
    })),
    more,
  };
}

/** The same flow in the form that the server keeps; empty parts are left out. */
export function writeFlow(flow: Flow): Json {
  const { more, nodes, ...parts } = flow;
  const out: Json = { ...more };
  for (const [key, value] of Object.entries(parts)) {
    const empty = typeof value === "object" && Object.keys(value).length === 0;
    if (value !== "" && !empty) out[key] = value;
  }
  out.nodes = map(nodes, (node) => writeNode(node as FlowNode));
  return out;
}

export function writeNode({ kind, settings, ports }: FlowNode): Json {
  return Object.keys(ports).length === 0 ? { kind, ...settings } : { kind, ...settings, ports };
}

// -- finding ---------------------------------------------------------------------------------------
export const ID_LENGTH_MAX = 32;
export const NODE_ID = /^[A-Za-z0-9_-]{1,32}$/;

/** `wish`, or `wish-2`, `wish-3` ... when it is taken. */
export function freeId(taken: (id: string) => boolean, wish: string): string {
  if (!taken(wish)) return wish;
  const stem = wish.replace(/-\d+$/, "").slice(0, ID_LENGTH_MAX - 5);
  for (let number = 2; ; number += 1) {
    const id = `${stem}-${number}`;
    if (!taken(id)) return id;
  }
}

/** Every way that leads to this node, as [node, port]. */
export function waysTo(flow: Flow, target: string): [node: string, port: string][] {
  return Object.entries(flow.nodes).flatMap(([id, node]) =>
    Object.entries(node.ports)
      .filter(([, to]) => to === target)
      .map(([port]) => [id, port] as [string, string]),
  );
}

// -- changing --------------------------------------------------------------------------------------
const without = <T>(rows: Readonly<Record<string, T>>, keys: ReadonlySet<string>) =>
  Object.fromEntries(Object.entries(rows).filter(([key]) => !keys.has(key))) as Record<string, T>;

export function addNode(flow: Flow, id: string, node: FlowNode, at: Place): Flow {
  const first = Object.keys(flow.nodes).length === 0 || !(flow.start in flow.nodes);
  return {
    ...flow,
    start: first ? id : flow.start,
    nodes: { ...flow.nodes, [id]: node },
    layout: { ...flow.layout, [id]: at },
  };
}

export function changeNode(flow: Flow, id: string, change: (node: FlowNode) => FlowNode): Flow {
  const node = flow.nodes[id];
  if (node === undefined) return flow;
  const changed = change(node);
  return changed === node ? flow : { ...flow, nodes: { ...flow.nodes, [id]: changed } };
}

/** `undefined` takes the setting away: the usual value holds again. */
export function setSetting(flow: Flow, id: string, name: string, value: unknown): Flow {
  return changeNode(flow, id, (node) => ({
    ...node,
    settings:
      value === undefined
        ? without(node.settings, new Set([name]))
        : { ...node.settings, [name]: value },
  }));
}

/** `target` null: the way leads nowhere. */
export function connect(flow: Flow, id: string, port: string, target: string | null): Flow {
  return changeNode(flow, id, (node) => ({
    ...node,
    ports:
      target === null ? without(node.ports, new Set([port])) : { ...node.ports, [port]: target },
  }));
}

/** Ways into what is removed are cut; notes go with the others. */
export function removeThings(flow: Flow, ids: ReadonlySet<string>): Flow {
  const nodes: Record<string, FlowNode> = {};
  for (const [id, node] of Object.entries(flow.nodes)) {
    if (ids.has(id)) continue;
    const cut = Object.values(node.ports).some((target) => ids.has(target));
    const gone = new Set(Object.keys(node.ports).filter((port) => ids.has(node.ports[port] ?? "")));
    nodes[id] = cut ? { ...node, ports: without(node.ports, gone) } : node;
  }
  return { ...flow, nodes, layout: without(flow.layout, ids), notes: without(flow.notes, ids) };
}

/** The one node that callers would have come to after all of `ids`; null when there are several. */
export function onlyWayOut(flow: Flow, ids: ReadonlySet<string>): string | null {
  const targets = new Set<string>();
  for (const id of ids) {
    for (const target of Object.values(flow.nodes[id]?.ports ?? {})) {
      if (!ids.has(target) && target in flow.nodes) targets.add(target);
    }
  }
  return targets.size === 1 ? ([...targets][0] ?? null) : null;
}

/** After a removal: the ways that led into `ids` before now lead to `target`. */
export function reconnect(
  before: Flow,
  after: Flow,
  ids: ReadonlySet<string>,
  target: string,
): Flow {
  let flow = after;
  for (const id of ids) {
    for (const [from, port] of waysTo(before, id)) {
      if (!ids.has(from)) flow = connect(flow, from, port, target);
    }
  }
  return { ...flow, start: ids.has(flow.start) ? target : flow.start };
}

/** Gives a node another id; all ways, the start and its place follow. */
export function renameNode(flow: Flow, from: string, to: string): Flow {
  if (from === to || !(from in flow.nodes) || to in flow.nodes || !NODE_ID.test(to)) return flow;
  const name = (id: string) => (id === from ? to : id);
  const nodes = Object.fromEntries(
    Object.entries(flow.nodes).map(([id, node]) => {
      const leads = Object.values(node.ports).includes(from);
      const ports = Object.fromEntries(
        Object.entries(node.ports).map(([port, target]) => [port, name(target)]),
      );
      return [name(id), leads ? { ...node, ports } : node];
    }),
  );
  const layout = Object.fromEntries(
    Object.entries(flow.layout).map(([id, place]) => [name(id), place]),
  );
  return { ...flow, nodes, layout, start: name(flow.start) };
}

/** The keys of a table whose keys are ways out changed from one name to another: the way follows. */
export function renamePort(flow: Flow, id: string, from: string, to: string): Flow {
  return changeNode(flow, id, (node) => ({
    ...node,
    ports: Object.fromEntries(
      Object.entries(node.ports).map(([port, target]) => [port === from ? to : port, target]),
    ),
  }));
}

export function moveThings(flow: Flow, places: ReadonlyMap<string, Place>): Flow {
  const layout = { ...flow.layout };
  const notes = { ...flow.notes };
  for (const [id, at] of places) {
    const note = notes[id];
    if (note !== undefined) notes[id] = { ...note, at };
    else if (id in flow.nodes) layout[id] = at;
  }
  return { ...flow, layout, notes };
}
