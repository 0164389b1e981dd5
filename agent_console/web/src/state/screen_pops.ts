// The address of an own CRM's page for a call: the template with its values, encoded. Whatever is filled
// in, it leads to the template's own origin by https, or nowhere.
import type { CallRow } from "@/wire/messages";
import type { ScreenPop } from "@/wire/screen_pops";

export type Values = Readonly<Record<string, string>>;

export function addressOf(template: string, values: Values): string | null {
  const filled = template.replace(/{(\w+)}/g, (_, name: string) =>
    encodeURIComponent(values[name] ?? ""),
  );
  try {
    const bare = new URL(template.replace(/{\w+}/g, "x"));
    const address = new URL(filled);
    if (address.protocol !== "https:" || address.origin !== bare.origin) return null;
    return address.username === "" && address.password === "" ? address.href : null;
  } catch {
    return null;
  }
}

export function valuesOf(row: CallRow, agent: string): Values {
  const [card] = row.cards;
  return {
    number: row.number,
    name: row.name,
    call: row.call,
    queue: row.queue ?? "",
    did: row.did,
    customer: row.cards.length === 1 && card !== undefined ? card.id : "",
    agent,
    language: row.language,
  };
}

/** Which pages open with this call in this stage. */
export function popsFor(pops: readonly ScreenPop[], row: CallRow): ScreenPop[] {
  const stage = row.stage === "held" ? "talking" : row.stage;
  return pops.filter(
    (pop) =>
      (pop.active ?? true) &&
      (pop.when ?? "talking") === stage &&
      (pop.queues.length === 0 || (row.queue !== null && pop.queues.includes(row.queue ?? ""))),
  );
}
