// A long list of which only the rows in sight exist, and which asks for more when its end comes near. The
// back button leads to the same place.
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";
import { usePlacedState } from "@/state/places";

interface Props<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  /** Expected height in px; the true one is measured. */
  rowHeight: number;
  label: string;
  height?: string;
  more: boolean;
  onMore: () => void;
  render: (item: T) => ReactNode;
}

interface Place {
  offset: number;
  heights: VirtualItem[];
}

const NEAR = 8;
const SETTLED_MS = 150;

export function EndlessRows<T>(props: Props<T>) {
  const { items, keyOf, rowHeight, more, onMore } = props;
  const place = useRef<HTMLDivElement>(null);
  const [start, stay] = usePlacedState<Place>(`rows ${props.label}`, { offset: 0, heights: [] });
  const first = useRef(start);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    getItemKey: (at) => keyOf(items[at] as T),
    overscan: 6,
    initialOffset: first.current.offset,
    initialMeasurementsCache: first.current.heights,
    initialRect: { width: 400, height: 600 },
  });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  const ask = useRef(onMore);
  ask.current = onMore;
  useEffect(() => {
    if (more && items.length > 0 && last >= items.length - NEAR) ask.current();
  }, [more, last, items.length]);
  const offset = rows.scrollOffset ?? 0;
  const list = useRef(rows);
  list.current = rows;
  useEffect(() => {
    const settled = () => stay({ offset, heights: list.current.takeSnapshot() });
    const timer = setTimeout(settled, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [offset, stay]);
  if (items.length === 0) return null;
  return (
    <section
      ref={place}
      className="cc-endless"
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      style={{ maxHeight: props.height ?? "calc(100dvh - 290px)" }}
    >
      <ul style={{ height: rows.getTotalSize() }}>
        {seen.map((row) => (
          <li
            key={row.key}
            data-index={row.index}
            ref={rows.measureElement}
            style={{ transform: `translateY(${row.start}px)` }}
          >
            {props.render(items[row.index] as T)}
          </li>
        ))}
      </ul>
    </section>
  );
}
