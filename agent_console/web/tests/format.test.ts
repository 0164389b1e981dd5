import { describe, expect, it } from "vitest";
import { bestSkew } from "@/state/clock";
import { clockTime, count, duration, initials, moment, percent, phone } from "@/state/format";

describe("durations", () => {
  it.each([
    [0, "00:00"],
    [-5, "00:00"],
    [59.9, "00:59"],
    [60, "01:00"],
    [3599, "59:59"],
    [3600, "1:00:00"],
    [36_061, "10:01:01"],
  ])("%s s is %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
});

describe("telephone numbers", () => {
  it.each([
    ["+8613000000000", "+86 130 0000 0000"],
    ["+12125550100", "+1 (212) 555-0100"],
    ["+447700900123", "+44 7700 900123"],
    ["+4930123456", "+49 301 234 56"],
    ["+493012345678", "+49 301 234 5678"],
    ["600", "600"],
    ["anonymous", "anonymous"],
    ["", ""],
  ])("%s is shown as %s", (number, text) => {
    expect(phone(number)).toBe(text);
  });
});

describe("moments", () => {
  const at = new Date(2026, 4, 3, 9, 5, 7).getTime() / 1000;
  it("are a time today, a day and time this year, and carry the year before it", () => {
    expect(moment(at, at + 3600, "en")).toBe("09:05");
    expect(moment(at, at + 86_400 * 3, "en")).toBe("3 May, 09:05");
    expect(moment(at, at + 86_400 * 300, "en")).toBe("3 May 2026, 09:05");
    expect(moment(at, at + 86_400 * 3, "zh")).toBe("5月3日 09:05");
    expect(moment(0, at, "en")).toBe("–");
    expect(clockTime(at, "zh")).toBe("09:05:07");
  });
});

describe("figures", () => {
  it("follow the language", () => {
    expect(percent(null, "en")).toBe("–");
    expect(percent(79.6, "en")).toBe("80%");
    expect(count(12_345, "zh")).toBe("12,345");
  });
});

describe("initials", () => {
  it.each([
    ["Ada Byrne", "AB"],
    ["李伟", "李"],
    ["欧阳 娜", "欧"],
    ["madonna", "M"],
    ["  ", "?"],
    ["Anna Maria van der Berg", "AB"],
  ])("of %s are %s", (name, text) => {
    expect(initials(name)).toBe(text);
  });
});

describe("the server's clock", () => {
  it("is read from the message that travelled least", () => {
    expect(bestSkew([120, 180, 90])).toBe(180);
    expect(bestSkew([])).toBe(0);
  });
});
