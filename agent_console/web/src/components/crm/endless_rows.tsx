// A long list of which only the rows in sight exist, and which asks for more when its end comes near.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useRef } from "react";

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

const NEAR = 8;

export function EndlessRows<T>(props: Props<T>) {
  const { items, keyOf, rowHeight, more, onMore } = props;
  const place = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    getItemKey: (at) => keyOf(items[at] as T),
    overscan: 6,
    initialRect: { width: 400, height: 600 },
  });
  const seen = rows.getVirtualItems();
  const last = seen.at(-1)?.index ?? 0;
  const ask = useRef(onMore);
  ask.current = onMore;
  useEffect(() => {
    if (more && items.length > 0 && last >= items.length - NEAR) ask.current();
  }, [more, last, items.length]);
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
