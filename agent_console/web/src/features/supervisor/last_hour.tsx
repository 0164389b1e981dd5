// The last hour of a queue: a bar for the calls offered in each minute. Asked for, and drawn anew, once a
// minute and not with the figures around it.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { readLastHour } from "@/wire/routing";

const MINUTES = 60;
const HIGH = 20;
const MINUTE_MS = 60_000;
/** The facts are about a second behind the calls. */
const SETTLED_MS = 3_000;
const untilNextMinute = () => MINUTE_MS - (Date.now() % MINUTE_MS) + SETTLED_MS;

export const LastHour = memo(function LastHour({ queue }: { queue: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["queue-minutes"],
    queryFn: readLastHour,
    refetchInterval: untilNextMinute,
    select: ({ offered }) => offered[queue] ?? [],
  });
  if (data === undefined) return <div className="cc-last-hour" />;
  const most = Math.max(0, ...data);
  const sum = data.reduce((all, one) => all + one, 0);
  return (
    <div className="cc-last-hour">
      <svg
        viewBox={`0 0 ${MINUTES} ${HIGH}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t("queue.lastHourIs", { count: sum, most })}
      >
        <path d={bars(data, most)} />
      </svg>
      <Text size="xs" c="dimmed" aria-hidden>
        {t("queue.lastHour", { count: sum })}
      </Text>
    </div>
  );
});

/** One path for all: a base line, and a bar for each minute in which somebody came. */
export function bars(minutes: readonly number[], most: number): string {
  const high = (one: number) => Math.max(2, Math.round((one / most) * (HIGH - 1)));
  const drawn = minutes.map((one, at) =>
    one === 0 ? "" : `M${at} ${HIGH}v-${high(one)}h.8V${HIGH}z`,
  );
  return `M0 ${HIGH}h${MINUTES}v-.6H0z${drawn.join("")}`;
}
