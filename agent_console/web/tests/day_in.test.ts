// Days begin by the clock of the place, also on those on which it is changed.
import { expect, it } from "vitest";
import { beginningOf } from "@/state/day_in";

it.each([
  ["2026-11-30", "Asia/Shanghai", 0, "2026-11-29T16:00:00.000Z"],
  ["2026-11-30", "Asia/Shanghai", 1, "2026-11-30T16:00:00.000Z"],
  ["2026-03-29", "Europe/Berlin", 0, "2026-03-28T23:00:00.000Z"],
  ["2026-03-29", "Europe/Berlin", 1, "2026-03-29T22:00:00.000Z"],
  ["2026-10-25", "Europe/Berlin", 1, "2026-10-25T23:00:00.000Z"],
  ["2026-01-01", "America/St_Johns", 0, "2026-01-01T03:30:00.000Z"],
  ["2026-12-31", "UTC", 1, "2027-01-01T00:00:00.000Z"],
])("%s in %s and %i days", (day, zone, after, expected) => {
  expect(beginningOf(day, zone, after)).toBe(expected);
});
