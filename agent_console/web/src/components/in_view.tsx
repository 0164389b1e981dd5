// Long walls of cards: only what is in sight, or nearly, is drawn; the rest keeps its place and its name, so
// that the page can be searched and scrolled as if all were there.
import { type ReactNode, startTransition, useEffect, useRef, useState } from "react";

const NEAR = "200px";

/** One for all places: a browser asks each observer in each frame. */
let observer: IntersectionObserver | null = null;
const watchers = new Map<Element, (seen: boolean) => void>();

function watch(place: Element, told: (seen: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const entry of entries) watchers.get(entry.target)?.(entry.isIntersecting);
    },
    { rootMargin: NEAR },
  );
  watchers.set(place, told);
  observer.observe(place);
  return () => {
    watchers.delete(place);
    observer?.unobserve(place);
  };
}

export function InView({
  height,
  meanwhile,
  children,
}: {
  /** Expected, in px, while it is out of sight. */
  height: number;
  meanwhile: ReactNode;
  children: ReactNode;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (place.current === null) return;
    // Many may come into sight at once: drawn in pieces, between which the page answers.
    return watch(place.current, (now) => startTransition(() => setSeen(now)));
  }, []);
  return (
    <div ref={place} style={seen ? undefined : { minHeight: height }}>
      {seen ? children : meanwhile}
    </div>
  );
}
