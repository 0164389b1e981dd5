// Working hours between the form and what is stored: days one by one, dates as lines of text. Pure.

const DAYS: readonly string[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
type Texts = Record<string, string>;

/** Day by day, from keys such as mon or mon-fri; a later key goes over an earlier one. */
export function weekOf(stored: Readonly<Texts>): Texts {
  const week: Texts = {};
  for (const [key, spans] of Object.entries(stored)) {
    const [from = "", to = from] = key.split("-");
    const first = DAYS.indexOf(from);
    const last = DAYS.indexOf(to);
    if (first === -1 || last === -1) continue;
    const count = ((last - first + 7) % 7) + 1;
    for (let step = 0; step < count; step += 1) {
      const day = DAYS[(first + step) % 7];
      if (day !== undefined) week[day] = spans;
    }
  }
  return week;
}

/** Only the days that are open. */
export function weekFrom(week: Readonly<Texts>): Texts {
  return Object.fromEntries(
    DAYS.flatMap((day) => {
      const spans = week[day] ?? "";
      return spans.trim() === "" ? [] : [[day, spans]];
    }),
  );
}

export function linesOf(stored: Readonly<Texts>): string {
  return Object.entries(stored)
    .map(([date, text]) => `${date} ${text}`)
    .join("\n");
}

/** A date and what is said of it, a line each. */
export function linesFrom(text: string): Texts {
  return Object.fromEntries(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "")
      .map((line) => {
        const [date = "", ...rest] = line.split(/\s+/);
        return [date, rest.join(" ")];
      }),
  );
}
