// What is looked for among the tickets, between the address and the request. Open ones, by what is due first,
// where nothing is said. Pure.
import type { TicketsSearch } from "@/state/addresses";
import { countedOf } from "@/wire/calls_behind";
import type { TicketFilter } from "@/wire/crm";

const STATES = ["open", "late", "closed"] as const;
const ANY = "any";

export function filterOf(search: TicketsSearch): TicketFilter {
  const { q = "", type, state = "open", owner, priority, unowned, order = "due" } = search;
  const found = STATES.find((one) => one === state);
  const typed = type === undefined ? {} : { type };
  if (search.figure !== undefined)
    return { q: "", order: "updated", ...typed, ...countedOf(search) };
  return {
    q,
    ...typed,
    ...(found === undefined ? {} : { state: found }),
    ...(owner === undefined ? {} : { owner }),
    ...(/^[0-3]$/.test(priority ?? "") ? { priority: Number(priority) } : {}),
    ...(unowned === undefined ? {} : { unowned: true }),
    order: order === "due" ? "due" : "updated",
  };
}

export function searchOf(filter: TicketFilter): TicketsSearch {
  const { q, type, state = ANY, owner, priority, unowned, order } = filter;
  return {
    ...(q === "" ? {} : { q }),
    ...(type === undefined ? {} : { type }),
    ...(state === "open" ? {} : { state }),
    ...(owner === undefined ? {} : { owner }),
    ...(priority === undefined ? {} : { priority: String(priority) }),
    ...(unowned === true ? { unowned: "yes" } : {}),
    ...(order === "due" ? {} : { order: "updated" }),
  };
}
