// Requests about call flows: drafts, checks, trials, versions. One function a thing; what a flow means
// is the designer's business, here it is plain JSON.
import { ApiError, errorFrom } from "./rest";

type Json = Record<string, unknown>;
const TIMEOUT_MS = 15_000;

export interface Said {
  en: string;
  zh: string;
}

export interface CatalogueRead {
  groups: { name: string; title: Said }[];
  kinds: {
    name: string;
    group: string;
    title: Said;
    about: Said;
    settings: {
      name: string;
      title: Said;
      about: Said;
      required: boolean;
      default: unknown;
      value_schema: Json;
    }[];
    ports: { name: string; title: Said; about: Said; optional: boolean }[];
  }[];
  variables: { name: string; default: unknown; about: Said }[];
  templates: string[];
}

export interface MistakeRead {
  node: string;
  port: string;
  field: string;
  code: string;
  message: string;
  cure: string;
  message_zh: string;
  cure_zh: string;
  /** Of a text that was read. */
  line?: number | null;
}

export interface FlowListed {
  name: string;
  title: string;
  draft_revision: number;
  draft_at: string;
  draft_by: string;
  published_version: number | null;
  published_at: string | null;
  published_by: string;
  newest_version: number;
  changed: boolean;
  mistakes: number;
}

export interface FlowRead extends Omit<FlowListed, "mistakes"> {
  draft: Json | null;
  mistakes: MistakeRead[];
}

export interface NamesRead {
  queues: { id: string; title: string }[];
  skills: string[];
  flows: { id: string; title: string }[];
  calendars: { id: string; title: string }[];
  boxes: string[] | null;
  sources: string[] | null;
  secrets: string[] | null;
  hosts: string[] | null;
  prompts: Record<string, string[]>;
}

export interface VersionRead {
  version: number;
  published: boolean;
  note: string;
  created: string;
  by: string;
  since: string | null;
  kind: string;
  used_by: string;
  used_note: string;
}

export interface TestResult {
  name: string;
  passed: boolean;
  problems: string[];
  problems_zh: string[];
}

export interface TestResults {
  passed: boolean;
  mistakes: MistakeRead[];
  tests: TestResult[];
  ports: number;
  covered: number;
  percent: number;
  missed: [node: string, port: string][];
}

export interface TryStep {
  kind: string;
  value?: unknown;
}

export interface TryTurn {
  node: string;
  ask: string;
  detail: Json;
  said: { kind: string; value: string; text: string }[];
  answer: TryStep | null;
  port: string;
  passed: [node: string, port: string][];
  variables: Json;
  language: string;
  local_time: string;
}

export interface Tried {
  turns: TryTurn[];
  waits_for: "press" | "lookup" | "record" | "transfer" | "queue" | "nothing";
  end: { how: string; target: string; detail: Json } | null;
  unfit: number | null;
  troubles: string[];
  troubles_zh: string[];
  variables: Json;
  mistakes: MistakeRead[];
}

export interface TryBody {
  flow: Json;
  caller: string;
  called: string;
  clock: string | null;
  emergency: boolean;
  variables?: Json;
  data?: Json;
  steps: TryStep[];
}

export interface CountersRead {
  calls: number;
  ends: Record<string, number>;
  nodes: Record<
    string,
    { entered: number; callers: number; dropped: number; left_by: Record<string, number> }
  >;
  containment: number | null;
  milestones: Record<string, number>;
  days: { day: string; calls: number; served: number; containment: number | null }[];
}

export interface Trial {
  extension: string;
  device: string;
  domain: string;
  password: string;
  /** UNIX seconds. */
  expires: number;
}

/** Somebody else has saved meanwhile: what is on the server now. */
export class DraftConflict extends ApiError {
  constructor(
    readonly theirs: Json,
    readonly revision: number,
    readonly by: string,
  ) {
    super(409, "flow_conflict", "");
  }
}

/** A flow is not published, or a text is none: what is wrong with it. */
export class PublishRefused extends ApiError {
  constructor(
    base: ApiError,
    readonly mistakes: MistakeRead[],
    readonly tests: TestResult[],
  ) {
    super(base.status, base.code, base.message, base.todo);
  }
}

function refusalFrom(status: number, said: unknown): ApiError {
  const body = (typeof said === "object" && said !== null ? said : {}) as Json;
  const base = errorFrom(status, said);
  if (status === 409 && typeof body.draft_revision === "number") {
    return new DraftConflict(
      (body.draft ?? {}) as Json,
      body.draft_revision,
      String(body.draft_by),
    );
  }
  if (Array.isArray(body.mistakes)) {
    const tests = Array.isArray(body.tests) ? (body.tests as TestResult[]) : [];
    return new PublishRefused(base, body.mistakes as MistakeRead[], tests);
  }
  return base;
}

async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      ...(body === undefined
        ? {}
        : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
  const said: unknown = await answer.json().catch(() => null);
  if (!answer.ok) throw refusalFrom(answer.status, said);
  return said as T;
}

const at = (name: string, rest = "") => `/api/flows/${encodeURIComponent(name)}${rest}`;

export const readCatalogue = () => ask<CatalogueRead>("GET", "/api/flows/nodes");
export const readNames = () => ask<NamesRead>("GET", "/api/flows/names");
export const listFlows = async () =>
  (await ask<{ items: FlowListed[] }>("GET", "/api/flows")).items;
export const readFlowDraft = (name: string) => ask<FlowRead>("GET", at(name));
export const createFlow = (body: {
  name: string;
  title: string;
  template: string;
  copy_of: string;
  time_zone: string;
}) => ask<FlowRead>("POST", "/api/flows", body);

/** Answers the new revision. Throws DraftConflict. */
export async function saveDraft(name: string, flow: Json, base: number): Promise<number> {
  const body = { flow, base_revision: base };
  return (await ask<{ draft_revision: number }>("PUT", at(name, "/draft"), body)).draft_revision;
}

export async function checkFlow(flow: Json): Promise<MistakeRead[]> {
  return (await ask<{ mistakes: MistakeRead[] }>("POST", "/api/flows/check", { flow })).mistakes;
}

/** Answers the new version. Throws PublishRefused. */
export const publishFlow = (name: string, revision: number, note: string) =>
  ask<{ version: number }>("POST", at(name, "/publish"), { revision, note });

export const listVersions = async (name: string) =>
  (await ask<{ items: VersionRead[] }>("GET", at(name, "/versions"))).items;
export const readVersion = async (name: string, version: number) =>
  (await ask<{ flow: Json }>("GET", at(name, `/versions/${version}`))).flow;
export const rollBack = (name: string, version: number, note: string) =>
  ask<{ version: number }>("POST", at(name, "/rollback"), { version, note });

export const exportFlow = (name: string) =>
  ask<{ filename: string; text: string }>("GET", at(name, "/export"));
export const importFlow = (text: string) =>
  ask<{ name: string }>("POST", "/api/flows/import", { text });

export const tryFlow = (body: TryBody) => ask<Tried>("POST", "/api/flows/try", body);
export const runTests = (name: string, flow: Json) =>
  ask<TestResults>("POST", at(name, "/tests/run"), { flow });
export const readCounters = (name: string, since: string) =>
  ask<CountersRead>("GET", at(name, `/counters?since=${encodeURIComponent(since)}`));

/** A number to dial once, and who may dial it: to hear the draft on the real telephone system. */
export const startTrial = (name: string, flow: Json, caller: string) =>
  ask<Trial>("POST", at(name, "/trial"), { flow, caller });
