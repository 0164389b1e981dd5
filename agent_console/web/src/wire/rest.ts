// Requests to the server's HTTP interface: one function a thing, one kind of error. Paths and shapes are
// checked against the generated API document. Nothing here caches (React Query does) and nothing here
// decides what an error means for the page.
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/api";
import { type CustomerRecord, readCustomer } from "./record";

type Schemas = components["schemas"];
export type Session = Schemas["Me"];
export type Person = Schemas["UserRead"];
export type PersonBody = Schemas["UserBody"];
export type AgentEntry = Schemas["AgentRead"];
export type AgentBody = Schemas["AgentBody"];
export type QueueEntry = Schemas["QueueRead"];
export type QueueBody = Schemas["QueueChange"];
export type Choices = Schemas["Choices"];
export type Colleagues = Schemas["Colleagues"];
export type PauseChoice = Schemas["PauseChoice"];
export type DispositionChoice = Schemas["DispositionChoice"];
export type HealthRead = Schemas["HealthRead"];
export type OwnField = Schemas["FieldRead"];
export type CustomerEdit = Required<
  Omit<Schemas["CustomerBody"], "numbers" | "emails" | "consent">
> & {
  numbers: { typed: string; label: string }[];
  emails: { typed: string; label: string }[];
  consent: Record<string, string>;
};

const TIMEOUT_MS = 10_000;

/** The server refused, or could not be reached (`status` 0). `fields`: what was wrong, by field. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly todo = "",
    readonly fields: Record<string, string> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export function errorFrom(status: number, body: unknown): ApiError {
  const said = (typeof body === "object" && body !== null ? body : {}) as Partial<
    Schemas["ErrorBody"]
  >;
  const fields: Record<string, string> = {};
  for (const { where, message } of said.flaws ?? []) fields[where.replace(/^body\./, "")] = message;
  if (said.where && said.message && Object.keys(fields).length === 0) {
    fields[said.where] = said.message;
  }
  const code = said.code ?? String(status);
  return new ApiError(status, code, said.message ?? "", said.todo ?? "", fields);
}

/** Also for the parts of this interface that only some pages load (`wire/crm`). */
export const client = createClient<paths>({
  baseUrl: "/",
  credentials: "same-origin",
  fetch: (request: Request) =>
    fetch(new Request(request, { signal: AbortSignal.timeout(TIMEOUT_MS) })),
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What was answered. Throws `ApiError`. */
export async function taken<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
  if (!answer.response.ok) throw errorFrom(answer.response.status, answer.error);
  return answer.data as T;
}

// -- who am I -------------------------------------------------------------------------------------
export const readSession = () => taken(client.GET("/api/session"));
export const signIn = (login: string, password: string, code: string | null = null) =>
  taken(client.POST("/api/login", { body: { login, password, code } }));
/** Where signing out goes on for who signed in elsewhere. */
export const readWayOut = () => taken(client.GET("/api/sso/exit"));
export const signOut = () => taken(client.POST("/api/logout"));
export const readFirstRun = () => taken(client.GET("/api/first-run"));
export const finishFirstRun = (body: Schemas["FirstRun"]) =>
  taken(client.POST("/api/first-run", { body }));
export const changePassword = (old: string, fresh: string) =>
  taken(client.PUT("/api/session/password", { body: { old, new: fresh } }));
export const rememberLocale = (locale: "en" | "zh") =>
  taken(client.PUT("/api/session/locale", { body: { locale } }));

/** A secret for this login's browser phone; asking again makes a new one. Never stored. */
export const readPhone = () => taken(client.POST("/api/phone"));

// -- customers ------------------------------------------------------------------------------------
export async function searchCustomers(q: string): Promise<CustomerRecord[]> {
  const params = { query: { q, limit: 30 } };
  return (await taken(client.GET("/api/customers", { params }))).items.map(readCustomer);
}

export type TicketEntry = Schemas["TicketRead"];
/** For the palette, which agents have before the pages of tickets are loaded. */
export async function searchTickets(q: string, limit: number): Promise<TicketEntry[]> {
  return (await taken(client.GET("/api/tickets", { params: { query: { q, limit } } }))).items;
}

/** The own fields an administrator defined for customers. */
export const listCustomerFields = async () =>
  (await taken(client.GET("/api/customer-fields"))).items;

export async function readCustomerById(customer: string): Promise<CustomerRecord> {
  const params = { path: { customer } };
  return readCustomer(await taken(client.GET("/api/customers/{customer}", { params })));
}

export async function createCustomer(body: CustomerEdit): Promise<CustomerRecord> {
  return readCustomer(await taken(client.POST("/api/customers", { body })));
}

/** `version` is the one that was read: a change by somebody else meanwhile is refused (409). */
export async function changeCustomer(
  customer: string,
  edit: CustomerEdit,
  version: number,
): Promise<CustomerRecord> {
  const asked = client.PUT("/api/customers/{customer}", {
    params: { path: { customer } },
    body: { ...edit, version },
  });
  return readCustomer(await taken(asked));
}

// -- an agent's work ------------------------------------------------------------------------------
export const readDraft = (call: string) =>
  taken(client.GET("/api/drafts/{call}", { params: { path: { call } } }));
export const saveDraft = (call: string, text: string, form: Record<string, unknown>) =>
  taken(client.PUT("/api/drafts/{call}", { params: { path: { call } }, body: { text, form } }));
export type CallForm = Schemas["CallFormDefinition-Output"];
export const listCallForms = async () => (await taken(client.GET("/api/call-forms"))).items;
export const fileCallForm = (call: string, body: Schemas["FormBody"]) =>
  taken(client.PUT("/api/calls/{call}/form", { params: { path: { call } }, body }));
export const recentDispositions = async (queue: string | null) =>
  (
    await taken(
      client.GET("/api/dispositions/recent", {
        params: { query: queue === null ? {} : { queue } },
      }),
    )
  ).items;
export const readColleagues = () => taken(client.GET("/api/colleagues"));
export const readChoices = () => taken(client.GET("/api/choices"));

// -- administration -------------------------------------------------------------------------------
export const listPeople = async () => (await taken(client.GET("/api/users"))).items;
/** The answer holds the first password; it is shown once. */
export const createPerson = (body: PersonBody) => taken(client.POST("/api/users", { body }));
export const changePerson = (user: string, body: PersonBody) =>
  taken(client.PUT("/api/users/{user}", { params: { path: { user } }, body }));
export const renewPassword = (user: string) =>
  taken(client.POST("/api/users/{user}/password", { params: { path: { user } } }));

export const listAgents = async () => (await taken(client.GET("/api/agents"))).items;
export const putAgent = (agent: string, body: AgentBody) =>
  taken(client.PUT("/api/agents/{agent}", { params: { path: { agent } }, body }));
export const makeDeskPhone = (agent: string) =>
  taken(client.POST("/api/agents/{agent}/desk-phone", { params: { path: { agent } } }));

export const readCentre = () => taken(client.GET("/api/centre"));
export const putCentre = (body: Schemas["CentreBody"]) =>
  taken(client.PUT("/api/centre", { body }));

export const listQueues = async () => (await taken(client.GET("/api/queues"))).items;
export const putQueue = (queue: string, body: QueueBody) =>
  taken(client.PUT("/api/queues/{queue}", { params: { path: { queue } }, body }));
export const putMembers = (queue: string, agents: string[], version: number) =>
  taken(
    client.PUT("/api/queues/{queue}/members", {
      params: { path: { queue } },
      body: { agents, version },
    }),
  );

export const readHealth = () => taken(client.GET("/api/health"));
