import { describe, expect, it } from "vitest";
import { moment, readCard, readCustomer } from "@/wire/record";
import { errorFrom } from "@/wire/rest";

describe("a customer's record", () => {
  it("is read from what the store puts on a card", () => {
    const card = {
      id: "c1",
      name: "李娜",
      vip: true,
      blocked: false,
      language: "zh",
      priority: 0,
      value_seconds: 0,
      owner_agent: null,
      last_agent: null,
      record: {
        id: "c1",
        name: "old name",
        company: "青松科技",
        notes: "喜欢下午联系。",
        tags: ["老客户", 7],
        numbers: [{ number: "+8613000000000", label: "手机", typed: "130 0000 0000" }, null],
        version: 3,
        interactions: [
          {
            call: "x-1",
            started_at: 1000.5,
            queue: "sales",
            queue_name: "Sales",
            agent: "ada",
            agent_name: "Ada",
            outcome: "answered",
            disposition: "resolved",
            note: "n",
            talk_seconds: 61,
            wait_seconds: 5,
          },
          { no: "call" },
        ],
      },
    };
    const read = readCard(card);
    expect(read).toMatchObject({
      id: "c1",
      name: "李娜",
      vip: true,
      language: "zh",
      company: "青松科技",
      notes: "喜欢下午联系。",
      tags: ["老客户"],
      numbers: [{ number: "+8613000000000", label: "手机", typed: "130 0000 0000" }],
      version: 3,
    });
    expect(read.history).toEqual([
      {
        call: "x-1",
        startedAt: 1000.5,
        queue: "Sales",
        agent: "Ada",
        outcome: "answered",
        disposition: "resolved",
        note: "n",
        talkSeconds: 61,
        waitSeconds: 5,
      },
    ]);
  });

  it.each([[null], ["text"], [[1]], [{ numbers: "none", tags: {}, interactions: 3, vip: "yes" }]])(
    "is empty, not an error, for %j",
    (value) => {
      const read = readCustomer(value);
      expect(read).toMatchObject({ name: "", numbers: [], tags: [], history: [], vip: false });
    },
  );

  it("takes moments as seconds or as ISO 8601", () => {
    expect(moment(12.5)).toBe(12.5);
    expect(moment("1970-01-01T00:01:00Z")).toBe(60);
    expect(moment("soon")).toBe(0);
  });
});

describe("an error of the server", () => {
  it("keeps its code, its sentence and where the mistakes are", () => {
    const error = errorFrom(422, {
      code: "invalid",
      message: "name: too short",
      where: "body.name",
      flaws: [{ where: "body.name", message: "too short", line: null, todo: null }],
    });
    expect(error).toMatchObject({
      status: 422,
      code: "invalid",
      message: "name: too short",
      fields: { name: "too short" },
    });
  });

  it("has the status as its code when the answer is none of ours", () => {
    expect(errorFrom(502, "<html>").code).toBe("502");
    expect(errorFrom(409, { code: "taken", message: "in use", where: "login" }).fields).toEqual({
      login: "in use",
    });
  });
});
