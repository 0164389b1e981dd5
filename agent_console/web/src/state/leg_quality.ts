// How the phone's leg has sounded so far: means and worst values, told to the server every ten seconds
// and once more at its end, so that they are kept with the call.
import { keepQuality } from "@/wire/in_call";
import type { PhoneState } from "@/wire/phone/phone";
import type { MediaQuality } from "@/wire/phone/quality";
import { serverNow } from "./clock";

const TELL_EVERY_MS = 10_000;

interface Sums {
  call: string;
  leg: string;
  beganAt: number;
  measures: number;
  received: number;
  lost: number;
  jitter: number;
  jitterMax: number;
  trip: number;
  tripMax: number;
  mos: number;
  mosMin: number;
  toldAt: number;
}

let sums: Sums | null = null;
let latest: MediaQuality | null = null;

/** To be told each state of the phone. */
export function followQuality(state: PhoneState): void {
  const { call, quality } = state;
  const up = call !== null && call.phase === "up" && call.id !== "";
  if (sums !== null && (!up || sums.call !== call.id)) {
    tell(sums);
    sums = null;
  }
  if (!up) return;
  sums ??= begin(call.id);
  if (quality === null || quality === latest) return;
  latest = quality;
  add(sums, quality);
  if (Date.now() - sums.toldAt >= TELL_EVERY_MS) tell(sums);
}

function begin(call: string): Sums {
  return {
    call,
    leg: crypto.randomUUID(),
    beganAt: serverNow(),
    measures: 0,
    received: 0,
    lost: 0,
    jitter: 0,
    jitterMax: 0,
    trip: 0,
    tripMax: 0,
    mos: 0,
    mosMin: 4.5,
    toldAt: Date.now(),
  };
}

function add(to: Sums, heard: MediaQuality): void {
  to.measures += 1;
  to.received += heard.received;
  to.lost += heard.lost;
  to.jitter += heard.jitterMs;
  to.jitterMax = Math.max(to.jitterMax, heard.jitterMs);
  to.trip += heard.roundTripMs;
  to.tripMax = Math.max(to.tripMax, heard.roundTripMs);
  to.mos += heard.mos;
  to.mosMin = Math.min(to.mosMin, heard.mos);
}

function tell(from: Sums): void {
  const { measures } = from;
  if (measures === 0) return;
  from.toldAt = Date.now();
  // What is not kept is no reason to disturb a talk: the next account holds it too.
  keepQuality(from.call, from.leg, {
    began_at: from.beganAt,
    ended_at: Math.max(from.beganAt, serverNow()),
    measures,
    packets_received: from.received,
    packets_lost: from.lost,
    jitter_ms: from.jitter / measures,
    jitter_max_ms: from.jitterMax,
    round_trip_ms: from.trip / measures,
    round_trip_max_ms: from.tripMax,
    mos: from.mos / measures,
    mos_min: from.mosMin,
  }).catch(() => undefined);
}
