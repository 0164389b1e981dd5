// The weekly grid: text to spans and back, painting, days that share a row.
import { expect, it } from "vitest";
import { openShare, painted, rowsOf, type Span, spansOf, textOf, weekOf } from "@/state/week";

it("reads spans as people write them, and refuses what is none", () => {
  expect(spansOf("9:00-12:00, 13:30-18:00")).toEqual([
    [540, 720],
    [810, 1080],
  ]);
  expect(spansOf("13:30–18:00，09:00-12:00")).toEqual([
    [540, 720],
    [810, 1080],
  ]);
  expect(spansOf("09:00-12:00, 11:00-13:00")).toEqual([[540, 780]]);
  expect(spansOf("closed")).toEqual([]);
  expect(spansOf("")).toEqual([]);
  expect(spansOf("00:00-24:00")).toEqual([[0, 1440]]);
  for (const wrong of ["9 to 5", "22:00-06:00", "09:00-09:00", "09:00-24:30", "09:60-10:00"]) {
    expect(spansOf(wrong), wrong).toBeNull();
  }
});

it("paints open and closed", () => {
  const day: Span[] = [[540, 720]];
  expect(painted(day, 720, 750, true)).toEqual([[540, 750]]);
  expect(painted(day, 600, 630, false)).toEqual([
    [540, 600],
    [630, 720],
  ]);
  expect(painted(day, 0, 1440, false)).toEqual([]);
  expect(painted([], 0, 30, true)).toEqual([[0, 30]]);
  expect(openShare([[555, 720]], 18)).toBe(0.5);
  expect(openShare([[540, 720]], 18)).toBe(1);
  expect(openShare([[540, 720]], 17)).toBe(0);
});

it("keeps a week as it was through the grid", () => {
  const rows = { "mon-fri": "09:00-12:00, 13:30-18:00", sat: "10:00-16:00" };
  expect(rowsOf(weekOf(rows))).toEqual(rows);
  expect(rowsOf(weekOf({ "mon-sun": "09:00-18:00", wed: "closed" }))).toEqual({
    "mon-tue": "09:00-18:00",
    "thu-sun": "09:00-18:00",
  });
  expect(rowsOf(weekOf({ "sat-mon": "10:00-12:00" }))).toEqual({
    mon: "10:00-12:00",
    "sat-sun": "10:00-12:00",
  });
  expect(textOf(weekOf({})[0] ?? [])).toBe("");
});
