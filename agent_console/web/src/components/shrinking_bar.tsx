// The time left, as a bar that shrinks: one CSS animation placed at the right moment, so it costs no
// drawing by us and is right after a slow start.
import { useMemo } from "react";
import { serverNow } from "@/state/clock";

export function ShrinkingBar({ from, until }: { from: number; until: number }) {
  const style = useMemo(
    () => ({
      animationDuration: `${Math.max(0.1, until - from)}s`,
      animationDelay: `${-Math.max(0, serverNow() - from)}s`,
    }),
    [from, until],
  );
  return (
    <div className="cc-shrink" aria-hidden="true">
      <div key={`${from}-${until}`} style={style} />
    </div>
  );
}
