// The designer's model: what it does to a flow, without a screen or a server.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { arranged, placed } from "@/features/flows/model/arrange";
import {
  type Catalogue,
  fieldFrom,
  portsOf,
  readKinds,
  type Schema,
} from "@/features/flows/model/catalogue";
import { copyText, paste, readCopied } from "@/features/flows/model/clipboard";
import { clashes, difference, merge } from "@/features/flows/model/difference";
import {
  addNode,
  connect,
  type Flow,
  moveThings,
  onlyWayOut,
  readFlow,
  reconnect,
  removeThings,
  renameNode,
  renamePort,
  setSetting,
  writeFlow,
} from "@/features/flows/model/flow";
import { begin, change, redo, undo } from "@/features/flows/model/history";
import { outline } from "@/features/flows/model/outline";
import { testFrom } from "@/features/flows/model/simulation";
import { spokenWords, summary } from "@/features/flows/model/summary";
import { momentAt, wallTime } from "@/features/flows/model/wall_clock";
import type { Tried } from "@/wire/flows";

/** The real kinds of nodes, from the schema that the server's catalogue is made of as well. */
function realCatalogue(): Catalogue {
  const schema = JSON.parse(readFileSync("../../ivr/schema.json", "utf8"));
  const both = (text: string) => ({ en: text, zh: text });
  const kinds = Object.entries<Schema>(schema.$defs).flatMap(([name, one]) => {
    const ports = one["x-ports"] as
      | { name: string; about: string; optional: boolean }[]
      | undefined;
    if (ports === undefined) return [];
    const settings = Object.entries(one.properties as Record<string, Schema>)
      .filter(([field]) => !["kind", "ports", "next"].includes(field))
      .map(([field, value_schema]) => ({
        name: field,
        title: both(field),
        about: both(String(value_schema.description ?? "")),
        required: (one.required as string[]).includes(field),
        default: value_schema.default,
        value_schema,
      }));
    const titled = ports.map((port) => ({
      ...port,
      title: both(port.name),
      about: both(port.about),
    }));
    const group = String(one["x-group"]);
    return [{ name, group, title: both(name), about: both(""), settings, ports: titled }];
  });
  return readKinds({ groups: [], kinds, variables: [], templates: [] }, "en", "operator").catalogue;
}

const catalogue = realCatalogue();
const SAVED = {
  id: "line",
  name: "Our line",
  languages: ["en", "zh"],
  timezone: "Asia/Shanghai",
  start: "hello",
  prompts: { welcome: { en: "Welcome.", zh: "您好。" }, menu: { en: "Press 1." } },
  nodes: {
    hello: { kind: "play", prompt: "welcome", next: "main" },
    main: {
      kind: "menu",
      prompt: "menu",
      choices: { 1: "Billing" },
      operator_key: "0",
      ports: { 1: "billing", operator: "billing", timeout: "bye" },
    },
    billing: { kind: "queue", queue: "billing" },
    bye: { kind: "hangup" },
  },
  layout: { hello: [0, 0], main: [300, 0], billing: [600, 0], bye: [600, 200] },
};
const flow: Flow = readFlow(SAVED);
const ports = (now: Flow, id: string) => now.nodes[id]?.ports;

it("reads what the server keeps and writes the same again", () => {
  expect(ports(flow, "hello")).toEqual({ next: "main" });
  const written = writeFlow(flow);
  expect(readFlow(written)).toEqual(flow);
  expect(written.nodes).toMatchObject({ hello: { kind: "play", ports: { next: "main" } } });
  expect("variables" in written).toBe(false);
  expect(writeFlow(readFlow({ ...SAVED, later: [1] })).later).toEqual([1]);
});

it("knows every way out of a node, also those that follow from its settings", () => {
  const names = (id: string) => portsOf(catalogue, flow.nodes[id] as never).map(({ name }) => name);
  expect(names("main")).toEqual(["1", "operator", "timeout", "invalid"]);
  expect(names("billing")).toEqual(["overflow", "served"]);
  expect(names("bye")).toEqual([]);
  const sub = { kind: "subflow", settings: {}, ports: { gone: "bye" } };
  expect(portsOf(catalogue, sub).map(({ name }) => name)).toEqual(["next", "gone"]);
});

it("gives every setting of every kind an input of its own shape", () => {
  const shapes = Object.fromEntries(
    (catalogue.get("queue")?.fields ?? []).map(({ name, shape }) => [name, shape]),
  );
  expect(shapes).toEqual({
    queue: "name",
    skills: "table",
    language_skill: "number",
    priority: "number",
  });
  const menu = catalogue.get("menu")?.fields;
  expect(menu?.find(({ name }) => name === "interruptible")?.usual).toBe(true);
  expect(menu?.find(({ name }) => name === "retries")?.usual).toBe(2);
  const condition = catalogue.get("condition")?.fields[0];
  expect([condition?.shape, condition?.required]).toEqual(["expression", true]);
  expect(fieldFrom("key", { type: "string", pattern: "^[0-9*#]$" }, false).shape).toBe("key");
  expect(catalogue.size).toBeGreaterThan(20);
});

it("connects, cuts and renames; ways follow", () => {
  const led = connect(flow, "main", "invalid", "bye");
  expect(ports(led, "main")?.invalid).toBe("bye");
  expect(ports(connect(led, "main", "invalid", null), "main")).toEqual(ports(flow, "main"));
  const renamed = renameNode(flow, "billing", "pay");
  expect(ports(renamed, "main")).toEqual({ 1: "pay", operator: "pay", timeout: "bye" });
  expect(renamed.layout.pay).toEqual([600, 0]);
  expect(renameNode(flow, "hello", "first").start).toBe("first");
  expect(renameNode(flow, "hello", "bye")).toBe(flow);
  expect(renameNode(flow, "hello", "no blanks")).toBe(flow);
  expect(ports(renamePort(flow, "main", "1", "2"), "main")?.["2"]).toBe("billing");
  expect(setSetting(flow, "billing", "priority", 3).nodes.billing?.settings.priority).toBe(3);
});

it("takes a node out and leads the ways into it on, when there is one place to go", () => {
  const ids = new Set(["hello"]);
  expect(onlyWayOut(flow, ids)).toBe("main");
  const cut = removeThings(flow, new Set(["billing"]));
  expect(ports(cut, "main")).toEqual({ timeout: "bye" });
  expect("billing" in cut.layout).toBe(false);
  const after = reconnect(flow, removeThings(flow, ids), ids, "main");
  expect(after.start).toBe("main");
  expect(onlyWayOut(flow, new Set(["main"]))).toBe(null);
});

it("undoes typing as one step and forgets what was redone after a new change", () => {
  let history = change(begin("a"), "b", "name", 1000);
  history = change(history, "c", "name", 1500);
  history = change(history, "d", "other", 1600);
  expect(undo(history).present).toBe("c");
  expect(undo(undo(history)).present).toBe("a");
  expect(redo(undo(history)).present).toBe("d");
  expect(redo(change(undo(history), "e", "", 2000)).present).toBe("e");
  expect(change(history, "d", "other", 9000)).toBe(history);
});

it("copies a part as text into another flow under free names, with its words", () => {
  const text = copyText(flow, new Set(["hello", "main"]));
  const part = readCopied(text);
  expect(part).not.toBe(null);
  const here = paste(flow, part as Flow, null);
  expect(here.ids).toEqual(["hello-2", "main-2"]);
  expect(ports(here.flow, "hello-2")).toEqual({ next: "main-2" });
  expect(ports(here.flow, "main-2")).toEqual(ports(flow, "main"));
  const other = paste(readFlow({ id: "other", nodes: {} }), part as Flow, [10, 20]);
  expect(other.flow.prompts.welcome?.en).toBe("Welcome.");
  expect(other.flow.layout.hello).toEqual([10, 20]);
  expect(ports(other.flow, "main")).toEqual({});
  expect(readCopied("something else")).toBe(null);
  expect(readCopied('{"callcenter-flow-part": 1')).toBe(null);
});

it("says what two states have differently, places apart", () => {
  expect(difference(flow, moveThings(flow, new Map([["bye", [1, 2]]])))).toEqual([]);
  const other = removeThings(setSetting(flow, "main", "retries", 1), new Set(["bye"]));
  const found = difference(
    flow,
    addNode(other, "new", { kind: "hangup", settings: {}, ports: {} }, [0, 0]),
  );
  expect(found.map(({ id, change: what }) => [id, what])).toEqual([
    ["main", "changed"],
    ["bye", "removed"],
    ["new", "added"],
  ]);
  expect(found[0]?.settings.map(({ name }) => name).sort()).toEqual(["ports.timeout", "retries"]);
});

it("puts two people's changes together; where both changed one thing, somebody chooses", () => {
  const mine = setSetting(setSetting(flow, "main", "retries", 1), "billing", "priority", 1);
  const theirs = setSetting({ ...flow, name: "Theirs" }, "main", "retries", 5);
  expect(clashes(flow, mine, theirs)).toEqual([{ part: "nodes", id: "main" }]);
  const both = merge(flow, mine, theirs, new Map());
  expect(both.name).toBe("Theirs");
  expect(both.nodes.main?.settings.retries).toBe(5);
  expect(both.nodes.billing?.settings.priority).toBe(1);
  const chosen = merge(flow, mine, theirs, new Map([["nodes/main", "mine"]]));
  expect(chosen.nodes.main?.settings.retries).toBe(1);
  const removed = merge(flow, removeThings(flow, new Set(["bye"])), theirs, new Map());
  expect("bye" in removed.nodes).toBe(false);
});

it("lists every node once, below the first way that leads to it", () => {
  const rows = outline(
    catalogue,
    addNode(flow, "lost", { kind: "hangup", settings: {}, ports: {} }, [0, 0]),
  );
  expect(rows.map(({ id, level, reached }) => [id, level, reached])).toEqual([
    ["hello", 0, true],
    ["main", 1, true],
    ["billing", 2, true],
    ["bye", 2, true],
    ["lost", 0, false],
  ]);
  expect(rows[2]?.by).toEqual(["main", "1"]);
});

it("gives every node a place to the right of the one before, and keeps places that are given", () => {
  const all = arranged(catalogue, flow);
  expect([...all.keys()].sort()).toEqual(Object.keys(flow.nodes).sort());
  expect((all.get("main")?.[0] ?? 0) > (all.get("hello")?.[0] ?? 0)).toBe(true);
  const one = { ...flow, layout: { ...flow.layout } } as { layout: Record<string, unknown> } & Flow;
  delete (one.layout as Record<string, unknown>).bye;
  const done = placed(catalogue, one);
  expect(done.layout.hello).toEqual([0, 0]);
  expect(done.layout.bye).toBeDefined();
});

it("gives 500 nodes their places while one watches, also when many lead to one", () => {
  const nodes: Record<string, unknown> = { end: { kind: "hangup", settings: {}, ports: {} } };
  for (let n = 0; n < 499; n++) {
    const next = n < 498 ? `n${n + 1}` : "end";
    nodes[`n${n}`] = { kind: "play", settings: {}, ports: { next, timeout: "end" } };
  }
  const large = { ...flow, start: "n0", nodes, layout: {} } as unknown as Flow;
  const began = performance.now();
  const all = arranged(catalogue, large);
  expect(performance.now() - began).toBeLessThan(1000); // it was over ten seconds
  expect(all.size).toBe(500);
  expect(all.get("n400")?.[0]).toBeGreaterThan(all.get("n399")?.[0] ?? 0);
});

it("sums a node up in a line", () => {
  expect(summary(flow, flow.nodes.hello as never, "en")).toBe("Welcome.");
  expect(summary(flow, flow.nodes.billing as never, "zh")).toBe("billing");
  const said = ["welcome", { money: "found.amount", currency: "CNY" }, { text: { zh: "元" } }];
  expect(spokenWords(flow, said, "zh")).toBe("您好。 {found.amount} 元");
});

it("means the clock at the flow's place", () => {
  expect(momentAt("2026-11-24T09:05", "Asia/Shanghai")).toBe("2026-11-24T01:05:00.000Z");
  expect(momentAt("2026-07-01T12:00", "Europe/Berlin")).toBe("2026-07-01T10:00:00.000Z");
  expect(momentAt("never", "UTC")).toBe(null);
  expect(wallTime(Date.parse("2026-11-24T01:05:00Z"), "Asia/Shanghai")).toBe("2026-11-24T09:05");
});

it("makes a test case of a simulated call that came to an end", () => {
  const told = {
    name: "pays",
    clock: "2026-11-24T09:05",
    caller: "+86",
    called: "",
    emergency: false,
  };
  const steps = [{ kind: "press", value: "1" }, { kind: "silence" }, { kind: "wait", value: 40 }];
  const tried: Tried = {
    turns: [],
    waits_for: "queue",
    end: { how: "queue", target: "billing", detail: { skills: { zh: 5 } } },
    unfit: null,
    troubles: [],
    troubles_zh: [],
    variables: {},
    mistakes: [],
  };
  expect(testFrom(tried, { ...told, steps })).toEqual({
    name: "pays",
    at: "2026-11-24 09:05",
    caller: "+86",
    steps: [{ press: "1" }, "silence", { wait: 40 }],
    expect: { queue: "billing", skills: { zh: 5 } },
  });
  expect(testFrom({ ...tried, end: null }, { ...told, steps })).toBe(null);
});
