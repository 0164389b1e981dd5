import { describe, expect, it } from "vitest";
import { idFrom, memberChanges } from "@/features/admin/directory";
import { filterAgents, NO_FILTER, overLimit, stateCounts } from "@/state/agents";
import { nameOf } from "@/state/choices";
import { defaultOf, fieldsFor, labelOf, matches, outcomesFor } from "@/state/dispositions";
import { draftFrom, isEmpty } from "@/state/draft";
import { languageFrom } from "@/state/i18n";
import { preferencesFrom } from "@/state/preferences";
import { homeOf, pagesOf } from "@/state/session";
import type { Choices, QueueEntry } from "@/wire/rest";
import { agentRow } from "./rows";

describe("dispositions", () => {
  const one = (code: string, queues: string[], more: object = {}) => ({
    code,
    name: code,
    name_zh: "",
    queues,
    default: false,
    parent: "",
    active: true,
    keywords: "",
    ...more,
  });
  const choices: Choices = {
    pause_reasons: [],
    dispositions: [one("any", []), one("sale", ["sales"]), one("refund", ["billing"])],
    queues: [],
    agent_names: {},
    queue_names: {},
    version: 1,
  };
  it("are those of all queues and of the call's own", () => {
    expect(outcomesFor(choices, "sales").map((x) => x.code)).toEqual(["any", "sale"]);
    expect(outcomesFor(choices, null).map((x) => x.code)).toEqual(["any"]);
  });
  const tree: Choices = {
    ...choices,
    dispositions: [
      one("delivery", [], { name: "Delivery", name_zh: "配送" }),
      one("late", [], { name: "Late", name_zh: "迟到", parent: "delivery", keywords: "slow 慢" }),
      one("lost", [], { parent: "delivery", active: false }),
      one("other", [], { default: true }),
      one("open", ["sales"], { default: true }),
    ],
  };
  it("are the living leaves of the tree, with their way", () => {
    const found = outcomesFor(tree, "sales");
    expect(found.map((x) => labelOf(x, "zh"))).toEqual(["配送 › 迟到", "other", "open"]);
    expect(defaultOf(found)).toBe("open");
    expect(defaultOf(outcomesFor(tree, null))).toBe("other");
  });
  it("are found by any words of the way, in either language", () => {
    const [late, other] = outcomesFor(tree, null);
    if (late === undefined || other === undefined) throw new Error("no outcomes");
    for (const query of ["late", "迟", "配送 迟到", "ＬＡＴＥ deliv", "慢", ""])
      expect(matches(late, query), query).toBe(true);
    expect(matches(other, "迟")).toBe(false);
  });
  it("ask for the fields of their queue and of everything above them", () => {
    const form = (code: string, more: object) => ({
      active: true,
      queues: [],
      dispositions: [],
      fields: [{ code }],
      ...more,
    });
    const forms = [
      form("a", { dispositions: ["delivery"] }),
      form("b", { queues: ["sales"] }),
      form("a", {}),
      form("c", { active: false }),
    ];
    const codes = (queue: string | null, path: string[]) =>
      fieldsFor(forms, queue, path).map(({ code }) => code);
    expect(codes("sales", ["delivery", "late"])).toEqual(["a", "b"]);
    expect(codes(null, [])).toEqual(["a"]);
  });
  it("are named in the language, else by what there is", () => {
    expect(nameOf({ code: "c", name: "Sale", name_zh: "成交" }, "zh")).toBe("成交");
    expect(nameOf({ code: "c", name: "Sale", name_zh: "" }, "zh")).toBe("Sale");
    expect(nameOf({ code: "c", name: "", name_zh: "" }, "en")).toBe("c");
  });
});

describe("the agents' grid", () => {
  const rows = [
    agentRow("ada", { name: "Ada", state: "paused", since: 0, limit_seconds: 60, team: "Blue" }),
    agentRow("ben", { name: "Ben", state: "available", queues: ["sales"] }),
    agentRow("liwei", { name: "李伟", state: "talking", queues: ["sales", "billing"] }),
  ];
  const names = (filter = NO_FILTER, now = 30) =>
    filterAgents(rows, filter, now).map((row) => row.agent);

  it("puts the busy before the free, and those over their limit before all", () => {
    expect(names()).toEqual(["liwei", "ben", "ada"]);
    expect(names(NO_FILTER, 61)).toEqual(["ada", "liwei", "ben"]);
  });
  it("is narrowed by every filter", () => {
    expect(names({ ...NO_FILTER, text: " 李" })).toEqual(["liwei"]);
    expect(names({ ...NO_FILTER, queue: "sales" })).toEqual(["liwei", "ben"]);
    expect(names({ ...NO_FILTER, team: "Blue" })).toEqual(["ada"]);
    expect(names({ ...NO_FILTER, states: ["paused", "available"] })).toEqual(["ben", "ada"]);
  });
  it("counts states", () => {
    const byId = Object.fromEntries(rows.map((row) => [row.agent, row]));
    expect(stateCounts(byId)).toEqual({ paused: 1, available: 1, talking: 1 });
    expect(overLimit(agentRow("x"), 1e9)).toBe(0);
  });
});

describe("what was kept in the browser", () => {
  it("is read with care", () => {
    expect(preferencesFrom({ devices: { microphone: 3, ringVolume: 9 }, phone: "fax" })).toEqual(
      preferencesFrom(null),
    );
    expect(preferencesFrom({ devices: { speaker: "s" }, phone: "desk" })).toMatchObject({
      devices: { speaker: "s" },
      phone: "desk",
    });
    expect(draftFrom("x")).toBeNull();
    const kept = draftFrom({ note: "n", followUp: { kind: "task", due: 5 } });
    expect(kept).toMatchObject({ disposition: "", note: "n", values: {} });
    expect(kept?.followUp).toEqual({ kind: "task", due: "", title: "", owner: "", queue: "" });
    expect(draftFrom({ followUp: { kind: "fly" } })?.followUp).toBeNull();
    expect(isEmpty({ disposition: "", note: "", values: { a: "" }, followUp: null })).toBe(true);
  });
  it("decides the language before the browser's wishes", () => {
    expect(languageFrom("zh", ["en-US"])).toBe("zh");
    expect(languageFrom("xx", ["de", "zh-TW", "en"])).toBe("zh");
    expect(languageFrom(null, ["de"])).toBe("en");
  });
});

describe("pages", () => {
  const session = (role: "agent" | "supervisor" | "administrator", agent: string | null) => ({
    id: "1",
    login: "x",
    name: "X",
    role,
    agent,
    locale: "en",
    expires: 0,
    limited: false,
    way: "password" as const,
  });
  it("are those of the role, and the desk of whoever is an agent", () => {
    expect(pagesOf(session("agent", "ada"))).toEqual([
      "desk",
      "calls",
      "recordings",
      "quality",
      "voicemail",
      "callbacks",
      "customers",
      "tickets",
      "tasks",
      "knowledge",
    ]);
    expect(pagesOf(session("supervisor", null))).not.toContain("desk");
    expect(pagesOf(session("supervisor", "sofia"))).toContain("desk");
    expect(pagesOf(session("supervisor", null))).not.toContain("admin");
    expect(homeOf(session("agent", null))).toBe("/calls");
    for (const role of ["agent", "supervisor", "administrator"] as const) {
      expect(["/desk", "/live/queues", "/admin"]).toContain(homeOf(session(role, "a")));
    }
  });
});

describe("administration", () => {
  it("makes ids that the server takes", () => {
    expect(idFrom("Li Wei")).toBe("liwei");
    expect(idFrom("chloé.martin")).toBe("chloemartin");
    expect(idFrom("李伟")).toBe("");
    expect(idFrom("x".repeat(50))).toHaveLength(32);
  });
  it("changes only the queues that a person joins or leaves, and keeps the order of others", () => {
    const queue = (id: string, members: string[]) => ({ id, members }) as QueueEntry;
    const queues = [queue("a", ["x", "ada", "y"]), queue("b", ["x"]), queue("c", ["ada"])];
    expect(memberChanges(queues, "ada", ["b", "c"])).toEqual([
      { queue: "a", members: ["x", "y"] },
      { queue: "b", members: ["x", "ada"] },
    ]);
  });
});
