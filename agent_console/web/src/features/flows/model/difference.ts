// What two states of a flow have differently, node by node and setting by setting, and how two people's
// changes to the same flow are put together. Places on the canvas are no difference.
import { type Flow, type FlowNode, type Json, readFlow, writeFlow } from "./flow";

export type Change = "added" | "removed" | "changed";

export interface SettingChange {
  /** A path such as `choices.2` or `ports.timeout`; "" for a whole thing that came or went. */
  name: string;
  before: unknown;
  after: unknown;
}

export interface ThingChange {
  part: "node" | "prompt" | "calendar" | "test" | "flow";
  id: string;
  change: Change;
  settings: SettingChange[];
}

const same = (a: unknown, b: unknown): boolean => stable(a) === stable(b);

/** JSON with sorted keys: two texts are equal when the values are. */
export function stable(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

const isTable = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function settingChanges(before: Json, after: Json, path = ""): SettingChange[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [old, fresh] = [before[name], after[name]];
    if (same(old, fresh)) return [];
    const at = path === "" ? name : `${path}.${name}`;
    if (isTable(old) && isTable(fresh)) return settingChanges(old, fresh, at);
    return [{ name: at, before: old, after: fresh }];
  });
}

function thingChanges(
  part: ThingChange["part"],
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): ThingChange[] {
  const ids = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return ids.flatMap((id): ThingChange[] => {
    const [old, fresh] = [before[id], after[id]];
    if (same(old, fresh)) return [];
    if (old === undefined)
      return [{ part, id, change: "added", settings: whole(undefined, fresh) }];
    if (fresh === undefined)
      return [{ part, id, change: "removed", settings: whole(old, undefined) }];
    return [{ part, id, change: "changed", settings: settingChanges(old as Json, fresh as Json) }];
  });
}

const whole = (before: unknown, after: unknown): SettingChange[] => [{ name: "", before, after }];
const byName = (flow: Flow) => Object.fromEntries(flow.tests.map((test) => [test.name, test]));
const flat = (node: FlowNode): Json => ({ kind: node.kind, ...node.settings, ports: node.ports });
const nodesOf = (flow: Flow) =>
  Object.fromEntries(Object.entries(flow.nodes).map(([id, node]) => [id, flat(node)]));

function headOf(flow: Flow): Json {
  const { id, version, nodes, prompts, calendars, tests, layout, notes, ...head } = writeFlow(flow);
  return head;
}

export function difference(before: Flow, after: Flow): ThingChange[] {
  const head = settingChanges(headOf(before), headOf(after));
  return [
    ...(head.length === 0
      ? []
      : [{ part: "flow" as const, id: after.id, change: "changed" as const, settings: head }]),
    ...thingChanges("node", nodesOf(before), nodesOf(after)),
    ...thingChanges("prompt", before.prompts, after.prompts),
    ...thingChanges("calendar", before.calendars, after.calendars),
    ...thingChanges("test", byName(before), byName(after)),
  ];
}

// -- two people -------------------------------------------------------------------------------------
export interface Clash {
  part: "nodes" | "prompts" | "calendars";
  id: string;
}

const PARTS = ["nodes", "prompts", "calendars"] as const;
type Rows = Readonly<Record<string, unknown>>;

/** What both have changed since `base`, differently. */
export function clashes(base: Flow, mine: Flow, theirs: Flow): Clash[] {
  return PARTS.flatMap((part) => {
    const [old, my, their]: [Rows, Rows, Rows] = [base[part], mine[part], theirs[part]];
    const ids = [...new Set([...Object.keys(my), ...Object.keys(their), ...Object.keys(old)])];
    return ids
      .filter(
        (id) => !same(old[id], my[id]) && !same(old[id], their[id]) && !same(my[id], their[id]),
      )
      .map((id) => ({ part, id }));
  });
}

/**
 * Both people's changes since `base` in one flow. Where both changed the same thing, `keep` says whose
 * is taken (by `part/id`; theirs when it says nothing).
 */
export function merge(
  base: Flow,
  mine: Flow,
  theirs: Flow,
  keep: ReadonlyMap<string, "mine" | "theirs">,
): Flow {
  const out: Json = { ...writeFlow(theirs) };
  const my = writeFlow(mine);
  const old = writeFlow(base);
  for (const key of new Set([...Object.keys(my), ...Object.keys(old)])) {
    if ((PARTS as readonly string[]).includes(key) || key === "layout" || key === "notes") continue;
    if (!same(my[key], old[key]) && same(out[key], old[key])) out[key] = my[key];
  }
  for (const part of [...PARTS, "layout", "notes"] as const) {
    const rows: Json = {};
    const [before, here, there] = [old[part], my[part], out[part]].map((one) =>
      isTable(one) ? one : {},
    ) as [Json, Json, Json];
    for (const id of new Set([...Object.keys(there), ...Object.keys(here)])) {
      const changedHere = !same(before[id], here[id]);
      const changedThere = !same(before[id], there[id]);
      const takeMine = changedHere && (!changedThere || keep.get(`${part}/${id}`) === "mine");
      const value = takeMine ? here[id] : there[id];
      if (value !== undefined) rows[id] = value;
    }
    out[part] = rows;
  }
  return readFlow(out);
}
