// A queue's rules for calling back as the form holds them, from and to what the API speaks: minutes between
// tries there are seconds, and the hours are lines with days and times.
import type { CallbackRules, CallbackRulesBody } from "@/wire/callbacks";
import { ApiError } from "@/wire/rest";

type Blank = number | "";

export interface CallbackValues {
  version: number;
  enabled: boolean;
  mode: CallbackRules["mode"];
  tries_max: Blank;
  retry_minutes: Blank;
  ring_seconds: Blank;
  ahead_seconds: Blank;
  confirm: boolean;
  detect_machine: boolean;
  at_once_max: Blank;
  waiting_max: Blank;
  hours: { key: string; days: string; times: string }[];
  time_zone: string;
  customer_hours: string;
}

const whole = (value: Blank, otherwise: number): number => (value === "" ? otherwise : value);

export function callbackValuesOf(rules: CallbackRules | undefined): CallbackValues {
  return {
    version: rules?.version ?? 0,
    enabled: rules?.enabled ?? false,
    mode: rules?.mode ?? "customer-first",
    tries_max: rules?.tries_max ?? 3,
    retry_minutes: (rules?.retry_seconds ?? 300) / 60,
    ring_seconds: rules?.ring_seconds ?? 30,
    ahead_seconds: rules?.ahead_seconds ?? 20,
    confirm: rules?.confirm ?? true,
    detect_machine: rules?.detect_machine ?? false,
    at_once_max: rules?.at_once_max ?? 5,
    waiting_max: rules?.waiting_max ?? 200,
    hours: Object.entries(rules?.hours ?? {}).map(([days, times]) => ({ key: days, days, times })),
    time_zone: rules?.time_zone ?? "",
    customer_hours: rules?.customer_hours ?? "",
  };
}

export function callbackBodyOf(values: CallbackValues): CallbackRulesBody {
  return {
    ...(values.version > 0 ? { version: values.version } : {}),
    enabled: values.enabled,
    mode: values.mode,
    tries_max: whole(values.tries_max, 3),
    retry_seconds: Math.round(whole(values.retry_minutes, 5) * 60),
    ring_seconds: whole(values.ring_seconds, 30),
    ahead_seconds: whole(values.ahead_seconds, 20),
    confirm: values.confirm,
    detect_machine: values.detect_machine,
    at_once_max: whole(values.at_once_max, 5),
    waiting_max: whole(values.waiting_max, 200),
    hours: Object.fromEntries(values.hours.map(({ days, times }) => [days, times.trim()])),
    time_zone: values.time_zone,
    customer_hours: values.customer_hours.trim(),
  };
}

/** A refusal with its mistakes at the fields of this form; anything else as it is. */
export function atCallbackFields(problem: unknown, body: CallbackRulesBody): unknown {
  if (!(problem instanceof ApiError)) return problem;
  const lines = Object.keys(body.hours ?? {});
  const here = (where: string): string => {
    if (where === "retry_seconds") return "calling.retry_minutes";
    if (!where.startsWith("hours.")) return `calling.${where}`;
    return `calling.hours.${lines.indexOf(where.slice("hours.".length))}.times`;
  };
  const fields = Object.entries(problem.fields).map(([where, text]) => [here(where), text]);
  const { status, code, message, todo } = problem;
  return new ApiError(status, code, message, todo, Object.fromEntries(fields));
}
