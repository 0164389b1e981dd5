// What is typed into the staffing page, as it is asked of the service.
import { expect, it } from "vitest";
import {
  bodyOf,
  flawsOf,
  intervalsOf,
  START,
  sameQuestion,
  simulatedBodyOf,
} from "@/features/staffing/staffing_values";
import { holding } from "@/features/staffing/use_simulated";

const HALF = 1800;

it("reads a line an interval, as typed or pasted from a sheet", () => {
  const { intervals, wrong } = intervalsOf("09:00\t100\t180\n\n120\n10:30, 80; 200.5", HALF, 150);
  expect(wrong).toEqual([]);
  expect(intervals.map((one) => [one.start_seconds, one.calls, one.handling_seconds])).toEqual([
    [32_400, 100, 180],
    [34_200, 120, 150],
    [37_800, 80, 200.5],
  ]);
});

it("names the lines that cannot be read", () => {
  expect(intervalsOf("100 180\nmany\n09:75 5\n-3 10\n5 0", HALF, 150).wrong).toEqual([2, 3, 4, 5]);
  expect(intervalsOf("100", HALF, 0).wrong).toEqual([1]);
});

it("asks with shares instead of percent and without goals that are empty", () => {
  const body = bodyOf({ ...START, lines: "100", level: "", wait: 10, shrinkage: 30 });
  expect(body).toMatchObject({
    service_level: null,
    mean_wait_seconds: 10,
    abandonment: null,
    shrinkage: 0.3,
    intervals: [{ calls: 100, handling_seconds: 180, seconds: HALF }],
  });
});

it("asks for whole days of a queue", () => {
  const values = { ...START, source: "logged", queue: "support" } as const;
  expect(flawsOf({ ...values, first: "2026-03-02", last: "2026-03-01" })).toEqual({ last: "days" });
  const { logged } = bodyOf({ ...values, first: "2026-03-01", last: "2026-03-02" });
  expect(logged?.since).toBe(new Date(2026, 2, 1).toISOString());
  expect(logged?.until).toBe(new Date(2026, 2, 3).toISOString());
});

it("tells what is missing", () => {
  expect(flawsOf(START)).toEqual({ lines: "nothing" });
  expect(flawsOf({ ...START, lines: "x" })).toEqual({ lines: "lines" });
  expect(flawsOf({ ...START, lines: "5", level: "" })).toEqual({ level: "goals" });
  expect(flawsOf({ ...START, source: "logged" })).toEqual({ queue: "queue", last: "days" });
});

it("knows whether a kept simulation answers what is asked", () => {
  const one = { ...START, lines: "100 180", ringing: 6 };
  expect(simulatedBodyOf(one)).toMatchObject({ ringing_seconds: 6, handling_spread: 1 });
  expect(simulatedBodyOf({ ...START, spread: 0 }).handling_spread).toBe(0.1);
  expect(sameQuestion(one, { ...one, lines: "100, 180\n" })).toBe(true); // written otherwise
  expect(sameQuestion(one, { ...one, queue: "support", first: "2026-03-01" })).toBe(true);
  expect(sameQuestion(one, { ...one, ringing: 7 })).toBe(false);
  expect(sameQuestion(one, { ...one, level: 90 })).toBe(false);
  const answer = { intervals: [], made_at: "", replications: 20, callers: 600 };
  expect(holding({ values: one, answer }, one)).toBe(answer);
  expect(holding({ values: one, answer }, { ...one, minutes: "15" })).toBeNull();
  expect(holding(null, one)).toBeNull();
});
