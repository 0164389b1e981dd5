// Where a number of a report leads: to the calls behind it, as many as it says; a number of evaluations,
// tickets or callbacks to these; null: nowhere, and then it does not look like a link. The server counts by the same conditions
// (callcenter/reports/behind.py). Pure.
import type { QualitySearch } from "@/state/addresses";
import type { BehindSearch } from "@/wire/calls_behind";
import type { Asked, Figure, Report, ReportTable } from "@/wire/reports";

export type Line = ReportTable["rows"][number];

export type Lead =
  | { to: "/calls" | "/tickets" | "/callbacks"; search: BehindSearch }
  | { to: "/quality"; search: QualitySearch };

/** What a key of a row narrows; intervals and waits are worked out from the rows beside it. */
const NARROWS: Record<string, keyof BehindSearch> = {
  queue: "queues",
  agent: "agents",
  disposition: "disposition",
  number: "number",
  weekday: "weekday",
  hour: "hour",
  flow: "flow",
  ended: "ended",
  way: "way",
  question: "question",
  trunk: "trunk",
  cause: "cause",
  ticket_type: "type",
};
/** For a queue, an agent, a disposition, a trunk: those that have none. */
const NONE = "-";
const WAY_MAX = 2000;

export function leadOf(
  report: Report,
  table: ReportTable | null,
  row: Line | null,
  asked: Asked,
  figure: Figure,
  value: number | null | undefined,
): Lead | null {
  if (!value) return null;
  if (report.name === "quality") return evaluations(report, table, row, asked, figure);
  const search = figure.behind ? narrowed(report, table, row, asked, figure) : null;
  return search === null ? null : { to: pageOf(report.name), search };
}

const pageOf = (report: string) =>
  report === "tickets" ? "/tickets" : report === "callbacks" ? "/callbacks" : "/calls";

/** The same number of the period that is compared with. */
export function leadBefore(
  report: Report,
  asked: Asked,
  figure: Figure,
  value: number | null | undefined,
): Lead | null {
  const { before_since: since, before_until: until } = report;
  if (since === null || until === null || report.name === "quality") return null;
  return leadOf({ ...report, since, until }, null, null, asked, figure, value);
}

function narrowed(
  report: Report,
  table: ReportTable | null,
  row: Line | null,
  asked: Asked,
  figure: Figure,
): BehindSearch | null {
  const search: BehindSearch = {
    figure: figure.name,
    report: report.name,
    since: report.since,
    until: report.until,
    zone: report.zone,
    ...(asked.queues.length > 0 ? { queues: asked.queues.join(",") } : {}),
    ...(asked.agents.length > 0 ? { agents: asked.agents.join(",") } : {}),
  };
  if (table === null || row === null) return search;
  const every = report.tables.find((one) => one.name === "intervals") ?? table;
  const edges = every.rows.map((one) => one.keys[0] ?? "");
  const place = table.rows.indexOf(row);
  for (const [number, key] of table.keys.entries()) {
    const value = row.keys[number] ?? "";
    const narrows = NARROWS[key];
    if (key === "interval") {
      search.since = value;
      search.until = edges[edges.indexOf(value) + 1] ?? report.until;
    } else if (key === "bucket") {
      const shorter = table.rows[place - 1]?.keys[number];
      if (value !== "") search.upto = value;
      if (shorter !== undefined && !figure.name.endsWith("_by_then")) search.over = shorter;
    } else if (narrows === undefined || value.length > WAY_MAX) {
      return null;
    } else {
      search[narrows] = value === "" ? NONE : value;
    }
  }
  return search;
}

/** The list of evaluations knows one agent or one form, and no queues. */
function evaluations(
  report: Report,
  table: ReportTable | null,
  row: Line | null,
  asked: Asked,
  figure: Figure,
): Lead | null {
  if (figure.name !== "evaluations" || asked.queues.length > 0 || asked.agents.length > 1) {
    return null;
  }
  const search: QualitySearch = {
    tab: "list",
    first: asked.first,
    last: asked.last,
    zone: report.zone,
    ...(asked.agents[0] === undefined ? {} : { agent: asked.agents[0] }),
  };
  if (table === null || row === null) return { to: "/quality", search };
  const [key = ""] = row.keys;
  if (table.keys.length !== 1) return null;
  if (table.keys[0] === "agent") return { to: "/quality", search: { ...search, agent: key } };
  if (table.keys[0] === "form") return { to: "/quality", search: { ...search, form: key } };
  return null;
}
