// Adding without a mouse: a new node stands to the right of the selected one and takes its first way
// that leads nowhere yet.
import { NODE_WIDTH } from "./arrange";
import { portsOf } from "./catalogue";
import { add, edit, flowNow, select, show, useEditor } from "./editor";
import { type Flow, freeId, type Place } from "./flow";

const BESIDE = NODE_WIDTH + 90;
const DOWN = 110;
const NOTE_HEIGHT = 90;

/** The first place at or below `at` where nothing stands. */
function freePlace(flow: Flow, [x, y]: Place): Place {
  const places = Object.values(flow.layout);
  let down = y;
  for (let tries = 0; tries < places.length + 1; tries += 1) {
    const taken = places.some(
      ([px, py]) => Math.abs(px - x) < NODE_WIDTH && Math.abs(py - down) < DOWN,
    );
    if (!taken) break;
    down += DOWN;
  }
  return [x, down];
}

/** The new node's id. */
export function addAfter(kind: string, from: string, port: string): string {
  const flow = flowNow();
  const [x, y] = flow.layout[from] ?? [0, 0];
  const id = add(kind, freePlace(flow, [x + BESIDE, y]), [from, port]);
  show(id);
  return id;
}

export function addAfterSelected(kind: string): string {
  const { selected, catalogue } = useEditor.getState();
  const flow = flowNow();
  const from = selected.size === 1 ? [...selected][0] : undefined;
  const node = from === undefined ? undefined : flow.nodes[from];
  if (from !== undefined && node !== undefined) {
    const open = portsOf(catalogue, node).find(({ name }) => !(name in node.ports));
    if (open !== undefined) return addAfter(kind, from, open.name);
  }
  const [x, y] = (from && flow.layout[from]) || ([0, 0] as const);
  const id = add(kind, freePlace(flow, from ? [x + BESIDE, y] : [x, y]));
  show(id);
  return id;
}

export function addNote(text: string): void {
  const flow = flowNow();
  const id = freeId((one) => one in flow.nodes || one in flow.notes, "note");
  const top = Math.min(0, ...Object.values(flow.layout).map(([, y]) => y)) - NOTE_HEIGHT;
  const left = Math.min(...Object.values(flow.layout).map(([x]) => x), 0);
  edit("", (now) => ({ ...now, notes: { ...now.notes, [id]: { text, at: [left, top] } } }));
  select([id]);
  show(id);
}
