// When a day begins on the clock of a place. Pure.
const MINUTE_MS = 60_000;

/** What the clock of the place is ahead of UTC at a moment. */
function ahead(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  }).formatToParts(new Date(at));
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"));
  return shown - Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

/** Addresses are written by people, too. */
export function isZone(zone: string | undefined): zone is string {
  if (zone === undefined || zone === "") return false;
  try {
    new Intl.DateTimeFormat("en-GB", { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The beginning of the day (YYYY-MM-DD) that is `after` days later there, ISO 8601. */
export function beginningOf(day: string, zone: string, after = 0): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const wall = Date.UTC(year, month - 1, date + after);
  const guess = wall - ahead(zone, wall);
  return new Date(wall - ahead(zone, guess)).toISOString();
}
