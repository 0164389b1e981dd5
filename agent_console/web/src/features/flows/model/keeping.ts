// What was drawn but is not on the server yet, kept in this browser: a lost connection, a closed tab or
// a crash loses nothing. One entry a flow and person.
import { ownKey } from "@/state/own_store";
import type { Json } from "./flow";

const keyOf = (id: string) => ownKey(`cc-flow-draft:${id}`);

export interface Kept {
  flow: Json;
  /** The server's draft that the changes were made on. */
  base: Json;
  revision: number;
  at: number;
}

export function keep(store: Storage, id: string, kept: Kept): boolean {
  try {
    store.setItem(keyOf(id), JSON.stringify(kept));
    return true;
  } catch {
    return false; // full, or forbidden: the server's copy and the page itself remain
  }
}

export function kept(store: Storage, id: string): Kept | null {
  try {
    const found: unknown = JSON.parse(store.getItem(keyOf(id)) ?? "null");
    if (typeof found !== "object" || found === null) return null;
    const { flow, base, revision, at } = found as Partial<Kept>;
    if (typeof flow !== "object" || typeof base !== "object" || typeof revision !== "number") {
      return null;
    }
    return { flow, base, revision, at: Number(at) || 0 };
  } catch {
    return null;
  }
}

export function forget(store: Storage, id: string): void {
  try {
    store.removeItem(keyOf(id));
  } catch {
    // Nothing could have been kept there either.
  }
}
