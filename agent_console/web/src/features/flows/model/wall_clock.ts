// A wall clock's time at a place as a moment: what the simulator's clock field means in the flow's zone.

const PARTS: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
};

/** What the clocks show there, as `2026-11-24T09:05`. */
export function wallTime(moment: number, zone: string): string {
  return wall(moment, zone).slice(0, 16);
}

function wall(moment: number, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", { ...PARTS, timeZone: zone }).formatToParts(
    moment,
  );
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "00";
  return `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}:${of("second")}`;
}

/** The moment (ISO 8601, UTC) when the clocks there show `local`; null when that is no time. */
export function momentAt(local: string, zone: string): string | null {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  let moment = asUtc;
  // Twice: the offset at the first guess may be that of the other side of a change of the clocks.
  for (let turn = 0; turn < 2; turn += 1) {
    const ahead = Date.parse(`${wall(moment, zone)}Z`) - moment;
    moment = asUtc - ahead;
  }
  return new Date(moment).toISOString();
}
