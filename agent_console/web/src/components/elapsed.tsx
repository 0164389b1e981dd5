// Timers: how long since a moment, how long until one. Tabular digits, no live region (a screen reader
// would never stop talking). Plain spans: hundreds of them may change in one and the same moment.
import { useServerSecond } from "@/state/clock";
import { duration } from "@/state/format";

interface Props {
  since: number;
  /** From so many seconds on the figure turns red. */
  limit?: number | null | undefined;
}

const OVER = { color: "var(--mantine-color-red-text)" };

export function Elapsed({ since, limit }: Props) {
  const seconds = useServerSecond() - since;
  const over = limit !== null && limit !== undefined && seconds > limit;
  return (
    <span className="cc-figures" style={over ? OVER : undefined}>
      {duration(seconds)}
    </span>
  );
}

export function Remaining({ until }: { until: number }) {
  const seconds = Math.max(0, Math.ceil(until - useServerSecond()));
  return <span className="cc-figures">{duration(seconds)}</span>;
}
