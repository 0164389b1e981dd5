// @vitest-environment happy-dom
// What a change draws anew on the supervisors' live pages: the row that changed, and none of the hundreds
// beside it. Drawing is counted by the texts that each row asks for.
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import i18next from "i18next";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { initReactI18next } from "react-i18next";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { AgentPlace } from "@/features/supervisor/agent_card";
import { QueueDetail } from "@/features/supervisor/queue_detail";
import { QueuesPage } from "@/features/supervisor/queues_page";
import { useConsole } from "@/state/console";
import { type Live, NOTHING_KNOWN, step } from "@/state/live";
import { queryClient, sessionQuery } from "@/state/session";
import type { ServerMessage } from "@/wire/messages";
import { agentRow, callRow, queueRow } from "./rows";

const MANY = 6;
const all = <Row,>(make: (number: number) => Row) =>
  Array.from({ length: MANY }, (_, n) => make(n));

let asked: Record<string, number> = {};
let live: Live = NOTHING_KNOWN;
let root: Root;

beforeAll(async () => {
  Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true, IntersectionObserver: AllInSight });
  await i18next
    .use(initReactI18next)
    .use({
      type: "postProcessor",
      name: "count",
      process: (text: string, key: string | string[]) => {
        asked[String(key)] = (asked[String(key)] ?? 0) + 1;
        return text;
      },
    })
    .init({ lng: "en", resources: { en: { translation: {} } }, postProcess: ["count"] });
  queryClient.setDefaultOptions({ queries: { enabled: false } });
  queryClient.setQueryData(sessionQuery.queryKey, { id: "boss", agent: null } as never);
});

beforeEach(() => {
  live = step(NOTHING_KNOWN, {
    type: "snapshot",
    epoch: 1,
    seq: 0,
    clock: 1000,
    user: "boss",
    role: "supervisor",
    agent: null,
    border: "everything",
    calls: all((n) => callRow(`c${n}`, { joined_at: 100 + n })),
    agents: all((n) => agentRow(`a${n}`, { queues: ["sales"], since: n })),
    queues: [queueRow("sales"), ...all((n) => queueRow(`q${n}`))],
  }).live;
  useConsole.setState({ live });
});

afterEach(() => act(() => root.unmount()));

/** What is in sight is the browser's to say; here, everything. */
class AllInSight {
  constructor(
    private readonly told: (seen: { target: Element; isIntersecting: boolean }[]) => void,
  ) {}
  observe(target: Element) {
    queueMicrotask(() => this.told([{ target, isIntersecting: true }]));
  }
  unobserve() {}
}

async function shown(page: ReactNode): Promise<void> {
  const place = document.createElement("div");
  document.body.replaceChildren(place);
  root = createRoot(place);
  await act(async () =>
    root.render(
      <MantineProvider>
        <QueryClientProvider client={queryClient}>{page}</QueryClientProvider>
      </MantineProvider>,
    ),
  );
}

type Change =
  | Omit<Extract<ServerMessage, { type: "call" }>, "seq">
  | Omit<Extract<ServerMessage, { type: "agent" }>, "seq">
  | Omit<Extract<ServerMessage, { type: "queue" }>, "seq">;

/** How often each text was asked for while this change was drawn. */
async function drawnBy(change: Change): Promise<Record<string, number>> {
  asked = {};
  await act(async () => {
    live = step(live, { ...change, seq: live.seq + 1 } as ServerMessage).live;
    useConsole.setState({ live });
  });
  return asked;
}

const words = () => document.body.textContent ?? "";
const places = () =>
  [...document.querySelectorAll("tbody td:first-child")].map((td) => td.textContent);

describe("a queue that is open", () => {
  // Each caller's row asks once for the first of these, each agent's line for the second.
  const CALLER = "queue.move";
  const AGENT = "state.available";

  beforeEach(() => shown(<QueueDetail queue="sales" />));

  it("has every caller and every agent", () => {
    expect(places()).toEqual(all((n) => String(n + 1)));
    expect(asked[AGENT]).toBeGreaterThanOrEqual(MANY);
  });

  it("draws the one caller who comes, as the last", async () => {
    const row = callRow("new", { joined_at: 900, number: "+447700900999" });
    const drawn = await drawnBy({ type: "call", key: "new", row });
    expect(drawn[CALLER]).toBeLessThanOrEqual(2);
    expect(drawn[AGENT] ?? 0).toBe(0);
    expect(places()).toHaveLength(MANY + 1);
    expect(words()).toContain("+44 7700 900999");
  });

  it("moves all up when the first one leaves, and draws none of them", async () => {
    const drawn = await drawnBy({ type: "call", key: "c0", row: null });
    expect(drawn[CALLER] ?? 0).toBe(0);
    expect(places()).toEqual(all((n) => String(n + 1)).slice(0, -1));
  });

  it("draws the one caller whose priority changed", async () => {
    const row = callRow("c7", { joined_at: 107, priority: 42 });
    const drawn = await drawnBy({ type: "call", key: "c7", row });
    expect(drawn[CALLER]).toBeLessThanOrEqual(2);
    expect(words()).toContain("42");
  });

  it("draws no caller and no agent for the figures of a queue", async () => {
    for (const queue of ["sales", "q1"]) {
      const drawn = await drawnBy({
        type: "queue",
        key: queue,
        row: queueRow(queue, { waiting: 9 }),
      });
      expect(drawn[CALLER] ?? 0).toBe(0);
      expect(drawn[AGENT] ?? 0).toBe(0);
    }
  });

  it("draws the one agent whose state changed", async () => {
    const row = agentRow("a3", { queues: ["sales"], state: "talking", since: 500 });
    const drawn = await drawnBy({ type: "agent", key: "a3", row });
    expect(drawn["state.talking"]).toBeLessThanOrEqual(2);
    expect(drawn[AGENT] ?? 0).toBe(0);
    expect(drawn[CALLER] ?? 0).toBe(0);
  });
});

it("the wall of agents draws the one card that changed", async () => {
  await shown(Object.keys(live.agents).map((agent) => <AgentPlace key={agent} agent={agent} />));
  expect(asked["agents.today"]).toBeGreaterThanOrEqual(MANY);
  const row = agentRow("a3", { queues: ["sales"], state: "talking", handled: 1 });
  const drawn = await drawnBy({ type: "agent", key: "a3", row });
  expect(drawn["agents.today"]).toBeLessThanOrEqual(2);
  expect(drawn["state.available"] ?? 0).toBe(0);
});

it("the page of queues draws no card for a call or an agent", async () => {
  const top = createRootRoute();
  const inside = createRoute({ getParentRoute: () => top, id: "inside" });
  const queues = createRoute({
    getParentRoute: () => inside,
    path: "/live/queues",
    component: QueuesPage,
  });
  const router = createRouter({
    routeTree: top.addChildren([inside.addChildren([queues])]),
    history: createMemoryHistory({ initialEntries: ["/live/queues"] }),
  });
  await router.load();
  await shown(<RouterProvider router={router as never} />);
  expect(asked["queue.longest"]).toBeGreaterThanOrEqual(MANY);
  const call = await drawnBy({ type: "call", key: "c0", row: null });
  expect(call["queue.longest"] ?? 0).toBe(0);
  const agent = await drawnBy({
    type: "agent",
    key: "a0",
    row: agentRow("a0", { state: "paused" }),
  });
  expect(agent["queue.longest"] ?? 0).toBe(0);
});
