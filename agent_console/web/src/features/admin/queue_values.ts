// A queue's settings as the form holds them, from and to what the API speaks. Empty numbers are null there
// and "" here, as number fields want it.
import type { CallbackRules } from "@/wire/callbacks";
import type { QueueBody, QueueEntry } from "@/wire/rest";
import { type CallbackValues, callbackValuesOf } from "./queue_callback_values";

type Rule = NonNullable<QueueBody["overflow"]>[number];
export type Action = Rule["action"];
export type Strategy = NonNullable<QueueBody["strategy"]>;
export type WrapUpMode = NonNullable<QueueBody["wrap_up_mode"]>;
export type Order = NonNullable<QueueBody["order"]>;
export type Blank = number | "";

export interface RuleValues {
  key: string;
  action: Action;
  target: string;
  after_seconds: Blank;
  when_waiting_over: Blank;
  when_estimate_over_seconds: Blank;
  unless_idle_in: string | null;
  other_estimate_under_seconds: Blank;
  unless_idle_in_group: string | null;
  if_idle_in: string | null;
  if_idle_in_group: string | null;
  idle_min: Blank;
  estimate_of: string;
}

export interface RingValues {
  key: string;
  after_seconds: Blank;
  minima: Record<string, number>;
  groups: string[];
}

export interface QueueValues {
  id: string;
  name: string;
  enabled: boolean;
  members: string[];
  strategy: Strategy;
  order: Order;
  groups: string[];
  rings: RingValues[];
  preferred_wait_seconds: Blank;
  priority_seconds: Blank;
  value_offset_max_seconds: Blank;
  reserved_idle: Blank;
  ring_seconds: Blank;
  broadcast: Blank;
  auto_answer: boolean;
  agents_choose: boolean;
  park_seconds: Blank;
  rona_pause_after: Blank;
  rona_back_off_seconds: Blank;
  service_level_percent: Blank;
  service_level_seconds: Blank;
  waiting_max: Blank;
  wait_max_seconds: Blank;
  resume_place_seconds: Blank;
  overflow: RuleValues[];
  wrap_up_mode: WrapUpMode;
  wrap_up_seconds: Blank;
  wrap_up_extension_seconds: Blank;
  wrap_up_extensions_max: Blank;
  after_talk_flow: string;
  calling: CallbackValues;
}

let keys = 0;
export const freshKey = (): string => {
  keys += 1;
  return String(keys);
};

const blank = (value: number | null | undefined): Blank => value ?? "";
const orNull = (value: Blank): number | null => (value === "" ? null : value);
const whole = (value: Blank, otherwise: number): number => (value === "" ? otherwise : value);

export function valuesOf(queue: QueueEntry | null, rules: CallbackRules[]): QueueValues {
  return {
    id: queue?.id ?? "",
    name: queue?.name ?? "",
    enabled: queue?.enabled ?? true,
    members: queue?.members ?? [],
    strategy: queue?.strategy ?? "longest-idle",
    order: queue?.order ?? "fcfs",
    groups: queue?.groups ?? [],
    rings: (queue?.rings ?? []).map((ring) => ({
      key: freshKey(),
      after_seconds: ring.after_seconds,
      minima: ring.minima ?? {},
      groups: ring.groups ?? [],
    })),
    preferred_wait_seconds: queue?.preferred_wait_seconds ?? 0,
    priority_seconds: queue?.priority_seconds ?? 60,
    value_offset_max_seconds: queue?.value_offset_max_seconds ?? 120,
    reserved_idle: queue?.reserved_idle ?? 0,
    ring_seconds: queue?.ring_seconds ?? 20,
    broadcast: queue?.broadcast ?? 1,
    auto_answer: queue?.auto_answer ?? false,
    agents_choose: queue?.agents_choose ?? false,
    park_seconds: queue?.park_seconds ?? 180,
    rona_pause_after: queue?.rona_pause_after ?? 1,
    rona_back_off_seconds: queue?.rona_back_off_seconds ?? 10,
    service_level_percent: queue?.service_level_percent ?? 80,
    service_level_seconds: queue?.service_level_seconds ?? 20,
    waiting_max: queue?.waiting_max ?? 500,
    wait_max_seconds: blank(queue?.wait_max_seconds),
    resume_place_seconds: queue?.resume_place_seconds ?? 0,
    overflow: (queue?.overflow ?? []).map((rule) => ({
      key: freshKey(),
      action: rule.action,
      target: rule.target ?? "",
      after_seconds: blank(rule.after_seconds),
      when_waiting_over: blank(rule.when_waiting_over),
      when_estimate_over_seconds: blank(rule.when_estimate_over_seconds),
      unless_idle_in: rule.unless_idle_in ?? null,
      other_estimate_under_seconds: blank(rule.other_estimate_under_seconds),
      unless_idle_in_group: rule.unless_idle_in_group ?? null,
      if_idle_in: rule.if_idle_in ?? null,
      if_idle_in_group: rule.if_idle_in_group ?? null,
      idle_min: rule.idle_min ?? 1,
      estimate_of: rule.estimate_of ?? "",
    })),
    wrap_up_mode: queue?.wrap_up_mode ?? "timed-extendable",
    wrap_up_seconds: queue?.wrap_up_seconds ?? 30,
    wrap_up_extension_seconds: queue?.wrap_up_extension_seconds ?? 30,
    wrap_up_extensions_max: queue?.wrap_up_extensions_max ?? 3,
    after_talk_flow: queue?.after_talk_flow ?? "",
    calling: callbackValuesOf(rules.find((one) => one.queue === queue?.id)),
  };
}

export function bodyOf({
  id: _id,
  members: _members,
  calling: _calling,
  ...values
}: QueueValues): QueueBody {
  return {
    ...values,
    name: values.name.trim(),
    rings: values.rings.map(({ key: _key, ...ring }) => ({
      ...ring,
      after_seconds: whole(ring.after_seconds, 0),
    })),
    overflow: values.overflow.map(({ key: _key, ...rule }) => ({
      ...rule,
      after_seconds: orNull(rule.after_seconds),
      when_waiting_over: orNull(rule.when_waiting_over),
      when_estimate_over_seconds: orNull(rule.when_estimate_over_seconds),
      other_estimate_under_seconds:
        rule.action === "queue" || rule.estimate_of !== ""
          ? orNull(rule.other_estimate_under_seconds)
          : null,
      idle_min: whole(rule.idle_min, 1),
    })),
    preferred_wait_seconds: whole(values.preferred_wait_seconds, 0),
    priority_seconds: whole(values.priority_seconds, 60),
    value_offset_max_seconds: whole(values.value_offset_max_seconds, 120),
    reserved_idle: whole(values.reserved_idle, 0),
    ring_seconds: whole(values.ring_seconds, 20),
    broadcast: whole(values.broadcast, 1),
    park_seconds: whole(values.park_seconds, 180),
    rona_pause_after: whole(values.rona_pause_after, 1),
    rona_back_off_seconds: whole(values.rona_back_off_seconds, 10),
    service_level_percent: whole(values.service_level_percent, 80),
    service_level_seconds: whole(values.service_level_seconds, 20),
    waiting_max: whole(values.waiting_max, 500),
    wait_max_seconds: orNull(values.wait_max_seconds),
    resume_place_seconds: whole(values.resume_place_seconds, 0),
    wrap_up_seconds: whole(values.wrap_up_seconds, 30),
    wrap_up_extension_seconds: whole(values.wrap_up_extension_seconds, 30),
    wrap_up_extensions_max: whole(values.wrap_up_extensions_max, 3),
  };
}

const TABS: Record<string, string[]> = {
  serves: ["members", "rings", "groups", "strategy", "preferred_wait_seconds", "reserved_idle"],
  offers: [
    "ring_seconds",
    "broadcast",
    "auto_answer",
    "rona_pause_after",
    "rona_back_off_seconds",
    "park_seconds",
    "agents_choose",
  ],
  waiting: [
    "overflow",
    "waiting_max",
    "wait_max_seconds",
    "service",
    "resume",
    "order",
    "priority",
    "value",
  ],
  wrapUp: ["wrap_up", "after_talk_flow"],
  callback: ["calling"],
};

/** The tab on which a field with a mistake is found. */
export function tabOf(field: string): string {
  const found = Object.entries(TABS).find(([, names]) =>
    names.some((name) => field.startsWith(name)),
  );
  return found?.[0] ?? "general";
}
