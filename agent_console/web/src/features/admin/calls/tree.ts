// The tree of outcomes as an administrator works on it: a list in the order agents see. Pure.
import type { DispositionChoice } from "@/wire/rest";

export interface Branch {
  item: DispositionChoice;
  depth: number;
}

/** Depth first, so that what lies below a code stands below it; what has no parent any more, at the root. */
export function branches(items: readonly DispositionChoice[]): Branch[] {
  const codes = new Set(items.map(({ code }) => code));
  const below = (parent: string, depth: number): Branch[] =>
    items
      .filter((item) => (codes.has(item.parent) ? item.parent : "") === parent)
      .flatMap((item) => [{ item, depth }, ...below(item.code, depth + 1)]);
  return below("", 0);
}

/** One place up or down among those with the same parent. */
export function moved(
  items: readonly DispositionChoice[],
  code: string,
  by: -1 | 1,
): DispositionChoice[] {
  const all = branches(items).map(({ item }) => item);
  const one = all.find((item) => item.code === code);
  const beside = all.filter((item) => item.parent === one?.parent);
  const other = beside[beside.findIndex((item) => item.code === code) + by];
  if (one === undefined || other === undefined) return all;
  return all.map((item) => (item === one ? other : item === other ? one : item));
}

/** With this one changed, or new at the end. A code is the default alone where it is. */
export function withItem(
  items: readonly DispositionChoice[],
  changed: DispositionChoice,
): DispositionChoice[] {
  const all = items.some(({ code }) => code === changed.code)
    ? items.map((item) => (item.code === changed.code ? changed : item))
    : [...items, changed];
  if (!changed.default) return all;
  const clash = (item: DispositionChoice) =>
    item.code !== changed.code &&
    (item.queues.length === 0
      ? changed.queues.length === 0
      : item.queues.some((queue) => changed.queues.includes(queue)));
  return all.map((item) => (item.default && clash(item) ? { ...item, default: false } : item));
}

/** Codes that may stand above `code`: neither itself nor anything below it. */
export function parentsFor(items: readonly DispositionChoice[], code: string): Branch[] {
  const all = branches(items);
  const at = all.findIndex(({ item }) => item.code === code);
  if (at === -1) return all;
  const depth = all[at]?.depth ?? 0;
  let end = at + 1;
  while (end < all.length && (all[end]?.depth ?? 0) > depth) end += 1;
  return [...all.slice(0, at), ...all.slice(end)];
}
