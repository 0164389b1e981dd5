import { describe, expect, it } from "vitest";
import { minutesOf } from "@/features/admin/crm/define_stages";
import { linesFrom, linesOf, weekFrom, weekOf } from "@/features/admin/crm/hours_text";

describe("working hours in a form", () => {
  it("stand day by day, also over the end of the week", () => {
    const week = weekOf({ "mon-fri": "09:00-18:00", "sat-sun": "10:00-12:00", wed: "09:00-12:00" });
    expect(Object.keys(week)).toHaveLength(7);
    expect([week.tue, week.wed, week.sun]).toEqual(["09:00-18:00", "09:00-12:00", "10:00-12:00"]);
    expect(Object.keys(weekOf({ "fri-mon": "x", nonsense: "y" }))).toEqual([
      "fri",
      "sat",
      "sun",
      "mon",
    ]);
    expect(weekFrom({ sun: " ", mon: "09:00-18:00" })).toEqual({ mon: "09:00-18:00" });
  });
  it("have dates as lines", () => {
    const days = { "2026-10-01": "National Day", "2026-12-31": "closed" };
    expect(linesFrom(linesOf(days))).toEqual(days);
    expect(linesFrom("  \n2026-01-01")).toEqual({ "2026-01-01": "" });
  });
  it("are minutes where the server wants them", () => {
    expect([minutesOf(1.5), minutesOf(""), minutesOf(0), minutesOf(0.001)]).toEqual([
      90,
      null,
      null,
      1,
    ]);
  });
});
