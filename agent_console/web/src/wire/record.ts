// The customer's record as the server puts it on a card: opaque to the routing core, read here, once,
// into a fixed shape. A field that is missing or of the wrong kind becomes empty, never an error: the
// screen must paint whatever came.
import type { CustomerCard } from "./messages";

export interface PhoneNumberEntry {
  /** E.164 or an extension. */
  number: string;
  label: string;
  /** As a person wrote it. */
  typed: string;
}

export interface EmailEntry {
  /** In one form, without case. */
  address: string;
  label: string;
  typed: string;
}

export type ConsentState = "granted" | "refused" | "";

export interface HistoryItem {
  call: string;
  startedAt: number;
  queue: string;
  agent: string;
  outcome: string;
  disposition: string;
  note: string;
  talkSeconds: number;
  waitSeconds: number;
}

export interface CustomerRecord {
  id: string;
  name: string;
  company: string;
  language: string;
  vip: boolean;
  blocked: boolean;
  priority: number;
  valueSeconds: number;
  ownerAgent: string | null;
  ownerName: string;
  custom: Record<string, unknown>;
  tags: string[];
  notes: string;
  kind: "person" | "company";
  companyId: string | null;
  /** By channel: call, sms, email, marketing. */
  consent: Record<string, ConsentState>;
  mergedInto: string | null;
  numbers: PhoneNumberEntry[];
  emails: EmailEntry[];
  history: HistoryItem[];
  version: number;
}

type Bag = Record<string, unknown>;

const isBag = (value: unknown): value is Bag =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const seconds = (value: unknown): number =>
  typeof value === "number" && Number.isFinite(value) ? value : 0;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** UNIX seconds from a number or an ISO 8601 text; 0 where it is neither. */
export function moment(value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const parsed = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? 0 : parsed / 1000;
}

export function readHistoryItem(value: unknown): HistoryItem | null {
  if (!isBag(value) || text(value.call) === "") return null;
  return {
    call: text(value.call),
    startedAt: moment(value.started_at),
    queue: text(value.queue_name) || text(value.queue),
    agent: text(value.agent_name) || text(value.agent),
    outcome: text(value.outcome),
    disposition: text(value.disposition),
    note: text(value.note),
    talkSeconds: seconds(value.talk_seconds),
    waitSeconds: seconds(value.wait_seconds),
  };
}

function readNumber(value: unknown): PhoneNumberEntry | null {
  if (!isBag(value)) return null;
  const number = text(value.number) || text(value.e164);
  const typed = text(value.typed) || number;
  return number === "" ? null : { number, label: text(value.label), typed };
}

function readEmail(value: unknown): EmailEntry | null {
  if (!isBag(value)) return null;
  const address = text(value.address);
  const typed = text(value.typed) || address;
  return address === "" ? null : { address, label: text(value.label), typed };
}

function readConsent(value: unknown): Record<string, ConsentState> {
  const said: Record<string, ConsentState> = {};
  for (const [channel, one] of Object.entries(isBag(value) ? value : {})) {
    const state = isBag(one) ? one.state : "";
    if (state === "granted" || state === "refused") said[channel] = state;
  }
  return said;
}

const present = <T>(value: T | null): value is T => value !== null;

export function readCustomer(value: unknown): CustomerRecord {
  const bag = isBag(value) ? value : {};
  return {
    id: text(bag.id),
    name: text(bag.name),
    company: text(bag.company),
    language: text(bag.language),
    vip: bag.vip === true,
    tags: list(bag.tags).map(text).filter(Boolean),
    notes: text(bag.notes),
    blocked: bag.blocked === true,
    priority: seconds(bag.priority),
    valueSeconds: seconds(bag.value_seconds),
    ownerAgent: text(bag.owner_agent) || null,
    ownerName: text(bag.owner_agent_name),
    custom: isBag(bag.custom) ? bag.custom : {},
    kind: bag.kind === "company" ? "company" : "person",
    companyId: text(bag.company_id) || null,
    consent: readConsent(bag.consent),
    mergedInto: text(bag.merged_into) || null,
    numbers: list(bag.numbers).map(readNumber).filter(present),
    emails: list(bag.emails).map(readEmail).filter(present),
    history: list(bag.interactions).map(readHistoryItem).filter(present),
    version: seconds(bag.version),
  };
}

/** The card's own fields win over those of its record: routing used them. */
export function readCard(card: CustomerCard): CustomerRecord {
  const record = readCustomer(card.record);
  return {
    ...record,
    id: card.id,
    name: card.name || record.name,
    vip: card.vip || record.vip,
    language: card.language || record.language,
  };
}
