// Days as the person's own clock has them.

/** When a day (YYYY-MM-DD), or the one so many days later, begins; ISO 8601. "" where there is no such day. */
export function dayBegins(iso: string, after: number): string {
  const [year = 0, month = 1, date = 1] = iso.split("-").map(Number);
  const begins = new Date(year, month - 1, date + after);
  return Number.isNaN(begins.getTime()) ? "" : begins.toISOString();
}
