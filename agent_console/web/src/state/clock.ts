// One ticker for all timers on the page, and the server's clock seen from here. Timers are computed
// from moments the server names, never counted up, so a slowed-down tab shows the right time at once.
import { useSyncExternalStore } from "react";

const KEPT = 12;
const TICK_MS = 1_000;

let candidates: number[] = [];
let skewMs = 0;

/**
 * The server's clock minus ours, in ms, from readings taken when a message arrived: every reading is
 * too small by the message's travelling time, so the largest is nearest to the truth.
 */
export function bestSkew(readings: readonly number[]): number {
  return readings.length === 0 ? 0 : Math.max(...readings);
}

export function noteServerClock(serverSeconds: number, fresh = false): void {
  const reading = serverSeconds * 1000 - Date.now();
  candidates = fresh ? [reading] : [...candidates, reading].slice(-KEPT);
  skewMs = bestSkew(candidates);
}

/** Server time now, in UNIX seconds with fractions. */
export function serverNow(): number {
  return (Date.now() + skewMs) / 1000;
}

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;
let second = 0;

function tick(): void {
  second = Math.floor(serverNow());
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === null) {
    second = Math.floor(serverNow());
    timer = setInterval(tick, TICK_MS);
    document.addEventListener("visibilitychange", tick);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
    document.removeEventListener("visibilitychange", tick);
  };
}

/** The server's UNIX second; the component is drawn again when it changes. */
export function useServerSecond(): number {
  return useSyncExternalStore(subscribe, () => (timer === null ? Math.floor(serverNow()) : second));
}
