// The shift plan: weeks begin on Mondays, and what is typed is read or told to be wrong.
import { expect, it } from "vitest";
import {
  dayAfter,
  flawOf,
  mondayOf,
  shiftOf,
  typedOf,
  weekOf,
} from "@/features/staffing/plan_values";
import { changeFlaw, freshChange } from "@/features/staffing/what_if_values";

it("knows the week of a day", () => {
  expect(mondayOf("2026-11-29")).toBe("2026-11-23");
  expect(mondayOf("2026-11-30")).toBe("2026-11-30");
  expect(weekOf("2026-12-28").at(-1)).toBe("2027-01-03");
  expect(dayAfter("2026-03-01", -1)).toBe("2026-02-28");
});

it.each([
  ["09:00", "17:00", "12:00-12:30, 15:00-15:15", null],
  ["9:00", "17:00", "12:00–12:30、15：00-15：15", null],
  ["22:00", "06:00", "02:00-02:30", null],
  ["22:00", "06:00", "07:00-07:30", "within"],
  ["09:00", "17:00", "08:00-08:30", "within"],
  ["9 o'clock", "17:00", "", "begins"],
  ["24:00", "08:00", "", "begins"],
  ["09:00", "09:00", "", "ends"],
  ["09:00", "17:00", "noon", "breaks"],
])("%s to %s with %s", (begins, ends, breaks, flaw) => {
  expect(flawOf({ begins, ends, breaks })).toBe(flaw);
});

it("sends what was typed and shows what was sent", () => {
  const typed = { begins: "09:00", ends: "17:00", breaks: "12:00-12:30, 15:00-15:15" };
  expect(typedOf(shiftOf(typed))).toEqual(typed);
});

it("tells what a change lacks", () => {
  const change = freshChange("1");
  expect(changeFlaw(change)).toBeNull();
  expect(changeFlaw({ ...change, begins: "12:00" })).toBe("order");
  expect(changeFlaw({ ...change, ends: "noon" })).toBe("time");
  expect(changeFlaw({ ...change, begins: "9:00", ends: "10:00" })).toBeNull();
  expect(changeFlaw({ ...change, count: 0 })).toBe("count");
  expect(changeFlaw({ ...change, kind: "skill" })).toBe("agent");
  expect(changeFlaw({ ...change, kind: "skill", agent: "ada" })).toBe("skill");
  expect(changeFlaw({ ...change, kind: "queue", agent: "ada" })).toBe("queue");
});
