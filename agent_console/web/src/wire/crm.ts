// Requests of the customer side that only its own pages make; loaded with them.
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
