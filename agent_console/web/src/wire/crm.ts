// Requests of the customer side that only its own pages make; loaded with them.
import type { Counted } from "./calls_behind";
import type { components } from "./generated/api";
import { type CustomerRecord, readCustomer } from "./record";
import { ApiError, client, errorFrom, taken } from "./rest";

type Schemas = components["schemas"];
export type ImportRead = Schemas["ImportRead"];
export type MergeRead = Schemas["MergeRead"];
export type FieldBody = Schemas["FieldBody"];
export type Duplicates = ImportRead["duplicates"];

export interface CustomerFilter {
  q: string;
  kind?: "person" | "company";
  owner?: string;
  tag?: string;
  vip?: boolean;
  blocked?: boolean;
  company?: string;
}

export interface CustomerPage {
  items: CustomerRecord[];
  next: string | null;
}

export async function listCustomers(
  filter: CustomerFilter,
  cursor: string | null,
  limit = 50,
): Promise<CustomerPage> {
  const query = { ...filter, limit, ...(cursor === null ? {} : { cursor }) };
  const page = await taken(client.GET("/api/customers", { params: { query } }));
  return { items: page.items.map(readCustomer), next: page.next };
}

// -- the same customer twice ------------------------------------------------------------------------
export interface Alike {
  customer: CustomerRecord;
  reasons: string[];
}

export async function findAlike(body: {
  name: string;
  numbers: string[];
  emails: string[];
  besides: string;
}): Promise<Alike[]> {
  const page = await taken(client.POST("/api/customers/alike", { body }));
  return page.items.map(({ customer, reasons }) => ({ customer: readCustomer(customer), reasons }));
}

export async function listDoubles(): Promise<{ shared: string; customers: CustomerRecord[] }[]> {
  const page = await taken(client.GET("/api/customers/doubles"));
  return page.items.map(({ shared, customers }) => ({
    shared,
    customers: customers.map(readCustomer),
  }));
}

export const mergeCustomers = (kept: CustomerRecord, merged: CustomerRecord) =>
  taken(
    client.POST("/api/customers/merge", {
      body: {
        kept: kept.id,
        kept_version: kept.version,
        merged: merged.id,
        merged_version: merged.version,
      },
    }),
  );
export const listMerges = async (customer: string) =>
  (await taken(client.GET("/api/customers/{customer}/merges", { params: { path: { customer } } })))
    .items;
export const undoMerge = (merge: string) =>
  taken(client.POST("/api/customers/merges/{merge}/undo", { params: { path: { merge } } }));

export const erasePerson = (customer: string, name: string, why: string) =>
  taken(
    client.POST("/api/customers/{customer}/erase", {
      params: { path: { customer } },
      body: { name, why },
    }),
  );

// -- own fields -------------------------------------------------------------------------------------
export const putCustomerField = (code: string, body: FieldBody) =>
  taken(client.PUT("/api/customer-fields/{code}", { params: { path: { code } }, body }));
export const removeCustomerField = (code: string) =>
  taken(client.DELETE("/api/customer-fields/{code}", { params: { path: { code } } }));

// -- files ------------------------------------------------------------------------------------------
export const listImports = async () => (await taken(client.GET("/api/imports"))).items;
export const readImport = (import_id: string) =>
  taken(client.GET("/api/imports/{import_id}", { params: { path: { import_id } } }));
export const startImport = (import_id: string, body: Schemas["StartBody"]) =>
  taken(client.POST("/api/imports/{import_id}/start", { params: { path: { import_id } }, body }));
export const cancelImport = (import_id: string) =>
  taken(client.POST("/api/imports/{import_id}/cancel", { params: { path: { import_id } } }));

const UPLOAD_TIMEOUT_MS = 120_000;

/** The file itself is the body, so that its size is limited before it is read. */
export async function sendImport(file: File): Promise<ImportRead> {
  let answer: Response;
  try {
    answer = await fetch(`/api/imports?name=${encodeURIComponent(file.name.slice(0, 200))}`, {
      method: "POST",
      body: file,
      headers: { "content-type": "application/octet-stream" },
      credentials: "same-origin",
      signal: AbortSignal.timeout(UPLOAD_TIMEOUT_MS),
    });
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
  const body: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw errorFrom(answer.status, body);
  return body as ImportRead;
}

export function exportAddress(filter: CustomerFilter, form: "csv" | "xlsx"): string {
  const query = new URLSearchParams({ form });
  for (const [name, value] of Object.entries(filter)) {
    if (value !== undefined && value !== "") query.set(name, String(value));
  }
  return `/api/customers/export?${query}`;
}

// -- history ----------------------------------------------------------------------------------------
export type EntryRead = Schemas["EntryRead"];
export type EntryKind = EntryRead["kind"];

export const customerHistory = (customer: string, kind: EntryKind[], cursor: string | null) =>
  taken(
    client.GET("/api/customers/{customer}/history", {
      params: {
        path: { customer },
        query: { limit: 50, ...(kind.length > 0 ? { kind } : {}), ...(cursor ? { cursor } : {}) },
      },
    }),
  );
export const addNote = (customer: string, text: string) =>
  taken(
    client.POST("/api/customers/{customer}/notes", {
      params: { path: { customer } },
      body: { text },
    }),
  );

// -- tickets ----------------------------------------------------------------------------------------
export type TicketRead = Schemas["TicketRead"];
export type TicketWhole = Schemas["TicketWhole"];
export type TicketBody = Schemas["TicketBody"];
export type TicketPatch = Schemas["TicketPatch"];
export type TicketType = Schemas["TicketType-Output"];
export type TicketTypeRead = Schemas["DefinedRead_TicketType_"];
export type MacroRead = Schemas["DefinedRead_Macro_"];
export type PlanRead = Schemas["DefinedRead_FollowUpPlan_"];
export type WorkHours = Schemas["WorkHours-Output"];
export type ViewRead = Schemas["ViewRead"];

export interface TicketFilter extends Counted {
  q: string;
  type?: string;
  state?: "open" | "closed" | "late";
  owner?: string;
  priority?: number;
  customer?: string;
  unowned?: boolean;
  order?: "updated" | "due";
}

export const listTickets = (filter: TicketFilter, cursor: string | null, limit = 50) =>
  taken(
    client.GET("/api/tickets", {
      params: { query: { ...filter, limit, ...(cursor ? { cursor } : {}) } },
    }),
  );
export const readTicket = (ticket: string) =>
  taken(client.GET("/api/tickets/{ticket}", { params: { path: { ticket } } }));
export const createTicket = (body: TicketBody) => taken(client.POST("/api/tickets", { body }));
export const changeTicket = (ticket: string, body: TicketPatch) =>
  taken(client.PATCH("/api/tickets/{ticket}", { params: { path: { ticket } }, body }));
export const moveTicket = (ticket: string, body: Schemas["StageBody"]) =>
  taken(client.POST("/api/tickets/{ticket}/stage", { params: { path: { ticket } }, body }));
export const commentTicket = (ticket: string, body: Schemas["CommentBody"]) =>
  taken(client.POST("/api/tickets/{ticket}/comments", { params: { path: { ticket } }, body }));
export const applyMacro = (ticket: string, macro: string, version: number) =>
  taken(
    client.POST("/api/tickets/{ticket}/macro", {
      params: { path: { ticket } },
      body: { macro, version },
    }),
  );
export const rateTicket = (ticket: string, score: number) =>
  taken(
    client.POST("/api/tickets/{ticket}/rating", { params: { path: { ticket } }, body: { score } }),
  );
export const linkTicket = (ticket: string, kind: "call" | "ticket", target: string) =>
  taken(
    client.POST("/api/tickets/{ticket}/links", {
      params: { path: { ticket } },
      body: { kind, target },
    }),
  );
export const unlinkTicket = (ticket: string, kind: "call" | "ticket", target: string) =>
  taken(
    client.POST("/api/tickets/{ticket}/unlink", {
      params: { path: { ticket } },
      body: { kind, target },
    }),
  );
export const mergeTicket = (ticket: string, into: string, version: number) =>
  taken(
    client.POST("/api/tickets/{ticket}/merge", {
      params: { path: { ticket } },
      body: { into, version },
    }),
  );
export const listTicketTypes = async () => (await taken(client.GET("/api/ticket-types"))).items;
export const putTicketType = (code: string, body: Schemas["DefinedBody_TicketType_"]) =>
  taken(client.PUT("/api/ticket-types/{code}", { params: { path: { code } }, body }));
export const listMacros = async () => (await taken(client.GET("/api/macros"))).items;
export const putMacro = (code: string, body: Schemas["DefinedBody_Macro_"]) =>
  taken(client.PUT("/api/macros/{code}", { params: { path: { code } }, body }));
export const removeMacro = (code: string) =>
  taken(client.DELETE("/api/macros/{code}", { params: { path: { code } } }));
export const listPlans = async () => (await taken(client.GET("/api/follow-up-plans"))).items;
export const putPlan = (code: string, body: Schemas["DefinedBody_FollowUpPlan_"]) =>
  taken(client.PUT("/api/follow-up-plans/{code}", { params: { path: { code } }, body }));
export const removePlan = (code: string) =>
  taken(client.DELETE("/api/follow-up-plans/{code}", { params: { path: { code } } }));
export const listWorkHours = async () => (await taken(client.GET("/api/work-hours"))).items;
export const putWorkHours = (code: string, body: Schemas["DefinedBody_WorkHours_"]) =>
  taken(client.PUT("/api/work-hours/{code}", { params: { path: { code } }, body }));
export const removeWorkHours = (code: string) =>
  taken(client.DELETE("/api/work-hours/{code}", { params: { path: { code } } }));
export const listViews = async () => (await taken(client.GET("/api/ticket-views"))).items;
export const saveView = (name: string, filter: TicketFilter) =>
  taken(client.POST("/api/ticket-views", { body: { name, filter: { ...filter }, shared: false } }));
export const removeView = (view: string) =>
  taken(client.DELETE("/api/ticket-views/{view}", { params: { path: { view } } }));

// -- tasks ------------------------------------------------------------------------------------------
export type TaskRead = Schemas["TaskRead"];
export type TaskBody = Schemas["TaskBody"];
export type TaskResult = Schemas["ResultBody"];

export const listTasks = (
  query: { owner?: string; unowned?: boolean; state?: TaskRead["state"]; customer?: string },
  cursor: string | null,
) =>
  taken(
    client.GET("/api/tasks", {
      params: { query: { ...query, limit: 50, ...(cursor ? { cursor } : {}) } },
    }),
  );
export const createTask = (body: TaskBody) => taken(client.POST("/api/tasks", { body }));
export const putOffTask = (task: string, body: Schemas["PutOffBody"]) =>
  taken(client.PUT("/api/tasks/{task}/due", { params: { path: { task } }, body }));
export const finishTask = (task: string, body: TaskResult) =>
  taken(client.POST("/api/tasks/{task}/result", { params: { path: { task } }, body }));
export const cancelTask = (task: string, version: number) =>
  taken(client.POST("/api/tasks/{task}/cancel", { params: { path: { task } }, body: { version } }));
export const reopenTask = (task: string, version: number) =>
  taken(client.POST("/api/tasks/{task}/reopen", { params: { path: { task } }, body: { version } }));
