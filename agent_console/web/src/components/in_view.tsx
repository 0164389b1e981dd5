// Long walls of cards: only what is in sight, or nearly, is drawn; the rest keeps its place and its name, so
// that the page can be searched and scrolled as if all were there.
import { type ReactNode, useEffect, useRef, useState } from "react";

const NEAR = "200px";

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
    const watch = (entries: IntersectionObserverEntry[]) =>
      setSeen(entries.at(-1)?.isIntersecting ?? false);
    const observer = new IntersectionObserver(watch, { rootMargin: NEAR });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={place} style={seen ? undefined : { minHeight: height }}>
      {seen ? children : meanwhile}
    </div>
  );
}
