// Calls as they are in the books: lists, one with its timeline.
import type { components } from "./generated/api";
import { type HistoryItem, moment } from "./record";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type InteractionEvent = Schemas["EventRead"];
export type InteractionPart = Schemas["PartRead"];
export type InteractionLeg = Schemas["QualityRead"];
export type FiledForm = Schemas["FiledRead"];

export interface Interaction extends HistoryItem {
  endedAt: number;
  number: string;
  did: string;
  customerName: string;
  customer: string | null;
  direction: string;
  dialOutcome: string;
  shown: string;
  peer: string;
  endedBy: string;
  path: string[];
  holdSeconds: number;
  wrapUpSeconds: number;
  ringSeconds: number;
  events: InteractionEvent[];
  forms: FiledForm[];
  articles: { id: string; title: string }[];
  parts: InteractionPart[];
  legs: InteractionLeg[];
}

export function fromRead(
  read: Schemas["InteractionRead"],
  events: InteractionEvent[] = [],
  forms: FiledForm[] = [],
  articles: Interaction["articles"] = [],
): Interaction {
  return {
    call: read.call,
    startedAt: moment(read.started_at),
    endedAt: moment(read.ended_at),
    number: read.number,
    did: read.did,
    customerName: read.customer_name,
    customer: read.customer_id,
    direction: read.direction,
    dialOutcome: read.dial_outcome,
    shown: read.shown,
    peer: read.peer,
    queue: read.queue ?? "",
    agent: read.agent ?? "",
    outcome: read.outcome,
    endedBy: read.ended_by,
    path: read.path,
    waitSeconds: read.wait_seconds,
    ringSeconds: read.ring_seconds,
    talkSeconds: read.talk_seconds,
    holdSeconds: read.hold_seconds,
    wrapUpSeconds: read.wrap_up_seconds,
    disposition: read.disposition,
    note: read.note,
    events,
    forms,
    articles,
    parts: [],
    legs: [],
  };
}

/** The latest; agents get their own alone. */
export async function listInteractions(query: { agent?: string; limit: number }) {
  const page = await taken(client.GET("/api/interactions", { params: { query } }));
  return page.items.map((read) => fromRead(read));
}

export interface CallFilter {
  text?: string;
  agent?: string;
  queue?: string;
  outcome?: string;
  direction?: "in" | "out" | "internal";
  since?: string;
  until?: string;
}

/** One page of calls that fit. Without any filter those that have just ended are there at once, too. */
export async function findCalls(filter: CallFilter, cursor: string | null) {
  const query = { ...filter, ...(cursor === null ? {} : { cursor }) };
  if (Object.keys(filter).length === 0) {
    const page = await taken(client.GET("/api/interactions", { params: { query } }));
    return { items: page.items.map((read) => fromRead(read)), next: page.next, narrow: false };
  }
  const page = await taken(client.GET("/api/calls-found", { params: { query } }));
  return {
    items: page.items.map((read) => fromRead(read)),
    next: page.next,
    narrow: page.narrow,
  };
}

export async function customerTimeline(customer: string): Promise<Interaction[]> {
  const params = { path: { customer }, query: { limit: 50 } };
  const page = await taken(client.GET("/api/customers/{customer}/timeline", { params }));
  return page.items.map((read) => fromRead(read));
}

export async function readInteractionByCall(call: string): Promise<Interaction> {
  const params = { path: { call } };
  const read = await taken(client.GET("/api/interactions/{call}", { params }));
  return {
    ...fromRead(read, read.events, read.forms, read.articles),
    parts: read.parts,
    legs: read.quality,
  };
}
