// Timers: how long since a moment, how long until one. Tabular digits, no live region (a screen reader
// would never stop talking).
import { Text, type TextProps } from "@mantine/core";
import { useServerSecond } from "@/state/clock";
import { duration } from "@/state/format";

interface Props extends TextProps {
  since: number;
  /** From so many seconds on the figure turns red. */
  limit?: number | null | undefined;
}

export function Elapsed({ since, limit, ...text }: Props) {
  const seconds = useServerSecond() - since;
  const over = limit !== null && limit !== undefined && seconds > limit;
  return (
    <Text span inherit className="cc-figures" {...text} {...(over ? { c: "red" } : {})}>
      {duration(seconds)}
    </Text>
  );
}

export function Remaining({ until, ...text }: TextProps & { until: number }) {
  const seconds = Math.max(0, Math.ceil(until - useServerSecond()));
  return (
    <Text span inherit className="cc-figures" {...text}>
      {duration(seconds)}
    </Text>
  );
}
