// What stands in the address of the pages of the customer side, so that back, reload and a sent link
// lead to the same thing.
import type { BehindSearch } from "@/wire/calls_behind";

export const CUSTOMERS_TABS = ["list", "doubles", "files"] as const;
export type CustomersTab = (typeof CUSTOMERS_TABS)[number];

export interface CustomersSearch {
  id?: string;
  tab?: CustomersTab;
}

/** What is looked for among the tickets, and the one that is open; or, with `figure`, those behind a number of
 * a report. `state`: open where nothing is said, "any". */
export interface TicketsSearch extends BehindSearch {
  id?: string;
  q?: string;
  state?: string;
  owner?: string;
  priority?: string;
  unowned?: string;
  order?: string;
}

/** Open callbacks or those that are over; or, with `figure`, those behind a number of a report. */
export interface CallbacksSearch extends BehindSearch {
  state?: string;
}

const isCustomersTab = (value: unknown): value is CustomersTab =>
  CUSTOMERS_TABS.some((tab) => tab === value);

export interface ReportsSearch {
  report?: string;
  first?: string;
  last?: string;
  interval?: string;
  zone?: string;
  queues?: string;
  agents?: string;
  compare?: string;
  /** How it is looked at: the figure of the map of hours; table.figure.up or .down. */
  shown?: string | undefined;
  sort?: string | undefined;
}

/** The tab of staffing; of the plan the week (a day of it) and the team. */
export interface StaffingSearch {
  tab?: string | undefined;
  week?: string | undefined;
  team?: string | undefined;
}

/** What is looked for among the recordings (days as YYYY-MM-DD), and the one that is open. */
export interface RecordingsSearch {
  text?: string | undefined;
  agent?: string | undefined;
  queue?: string | undefined;
  call?: string | undefined;
  first?: string | undefined;
  last?: string | undefined;
  minutes?: string | undefined;
  /** Seconds of one silence, how often the agent broke in, per cent that the agent spoke: at least. */
  silence?: string | undefined;
  interrupts?: string | undefined;
  share?: string | undefined;
  held?: string | undefined;
  open?: string | undefined;
  tab?: string | undefined;
}

export const QUALITY_TABS = ["todo", "list", "calibrations", "plans", "forms"] as const;
export type QualityTab = (typeof QUALITY_TABS)[number];

/** The tab, the evaluation or calibration that is open, and what is looked for (days as YYYY-MM-DD). */
export interface QualitySearch {
  tab?: QualityTab | undefined;
  open?: string | undefined;
  calibration?: string | undefined;
  agent?: string | undefined;
  form?: string | undefined;
  state?: string | undefined;
  first?: string | undefined;
  last?: string | undefined;
  /** Whose days they are; the viewer's where nothing is said. */
  zone?: string | undefined;
}

/** What is looked for among the calls (days as YYYY-MM-DD) and the one that is open; or, with `figure`, the
 * calls behind a number of a report (moments in ISO 8601) and its row or cell. */
export interface CallsSearch extends BehindSearch {
  text?: string | undefined;
  agent?: string | undefined;
  queue?: string | undefined;
  outcome?: string | undefined;
  direction?: string | undefined;
  first?: string | undefined;
  last?: string | undefined;
  open?: string | undefined;
}

const textsOf = <Key extends string>(
  search: Record<string, unknown>,
  keys: readonly Key[],
): { [One in Key]?: string } =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const value = search[key];
      if (typeof value === "number") return [[key, String(value)]];
      return typeof value === "string" && value !== "" ? [[key, value]] : [];
    }),
  ) as { [One in Key]?: string };

/** Whatever text the address has: the page takes what it knows. */
export const everyText = <Search extends object>(search: Record<string, unknown>): Search =>
  textsOf(search, Object.keys(search)) as Search;

export const qualitySearch = (search: Record<string, unknown>): QualitySearch => {
  const tab = QUALITY_TABS.find((one) => one === search.tab);
  const rest = ["open", "calibration", "agent", "form", "state", "first", "last", "zone"] as const;
  return { ...(tab === undefined ? {} : { tab }), ...textsOf(search, rest) };
};
export const customersSearch = (search: Record<string, unknown>): CustomersSearch => ({
  ...(typeof search.id === "string" ? { id: search.id } : {}),
  ...(isCustomersTab(search.tab) ? { tab: search.tab } : {}),
});
export const knowledgeSearch = (
  search: Record<string, unknown>,
): { id?: string; edit?: boolean } => ({
  ...(typeof search.id === "string" ? { id: search.id } : {}),
  ...(search.edit === true ? { edit: true } : {}),
});
