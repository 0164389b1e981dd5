// How loud the microphone is, drawn a few times a second straight into the element: a meter must
// not make React draw the page.
import { useEffect, useRef } from "react";

const DRAW_EVERY_MS = 60;
const STEPS = 24;

export function LevelMeter({
  level,
  label,
  wide = false,
}: {
  level: () => number;
  label: string;
  wide?: boolean;
}) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let shown = -1;
    const timer = setInterval(() => {
      const now = Math.round(level() * STEPS) / STEPS;
      if (bar.current === null || now === shown) return;
      shown = now;
      bar.current.style.transform = `scaleX(${now})`;
    }, DRAW_EVERY_MS);
    return () => clearInterval(timer);
  }, [level]);
  return (
    <div className={wide ? "cc-meter cc-meter-wide" : "cc-meter"} role="img" aria-label={label}>
      <div ref={bar} />
    </div>
  );
}
