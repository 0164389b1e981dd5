// How loud the microphone is, drawn at most 20 times a second straight into the element: a meter must
// not make React draw the page.
import { useEffect, useRef } from "react";

const DRAW_EVERY_MS = 50;

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
    const timer = setInterval(() => {
      if (bar.current !== null) bar.current.style.transform = `scaleX(${level().toFixed(3)})`;
    }, DRAW_EVERY_MS);
    return () => clearInterval(timer);
  }, [level]);
  return (
    <div className={wide ? "cc-meter cc-meter-wide" : "cc-meter"} role="img" aria-label={label}>
      <div ref={bar} />
    </div>
  );
}
