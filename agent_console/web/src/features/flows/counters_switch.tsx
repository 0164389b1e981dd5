// Callers counted on the edges: since today, a week or a month, fresh every ten seconds.
import { SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { count, percent } from "@/state/format";
import { type CountersRead, readCounters } from "@/wire/flows";
import { dropKey, wayId } from "./canvas_things";
import { CounterDays } from "./counter_days";
import { useEditor, useFlow } from "./model/editor";

const EVERY_MS = 10_000;
const DAY_MS = 86_400_000;
const DAYS = { day: 1, week: 7, month: 30 } as const;
type Period = keyof typeof DAYS;

function countsOf(read: CountersRead): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [node, { entered, dropped, left_by }] of Object.entries(read.nodes)) {
    counts.set(node, entered);
    counts.set(dropKey(node), dropped);
    for (const [port, went] of Object.entries(left_by)) counts.set(wayId(node, port), went);
  }
  return counts;
}

export function CountersSwitch({ on, onSwitch }: { on: boolean; onSwitch(on: boolean): void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { id } = useFlow();
  const [period, setPeriod] = useState<Period>("day");
  const { data, isError } = useQuery({
    queryKey: ["flows", "counters", id, period],
    queryFn: () => readCounters(id, new Date(Date.now() - DAYS[period] * DAY_MS).toISOString()),
    enabled: on,
    refetchInterval: EVERY_MS,
  });
  useEffect(() => {
    useEditor.setState({ counts: on && data ? countsOf(data) : null });
  }, [on, data]);
  return (
    <Stack gap="xs">
      <Switch
        label={t("flow.countersShow")}
        checked={on}
        onChange={(event) => onSwitch(event.currentTarget.checked)}
      />
      <SegmentedControl
        size="xs"
        value={period}
        onChange={(value) => setPeriod(value as Period)}
        aria-label={t("flow.period")}
        data={(Object.keys(DAYS) as Period[]).map((value) => ({
          value,
          label: t(`flowPeriod.${value}`),
        }))}
      />
      {on && isError && <Text size="xs">{t("flow.countersAway")}</Text>}
      {on && data && (
        <Text size="xs" data-testid="counters">
          {t("flow.countersSum", {
            calls: count(data.calls, language),
            share: percent(data.containment === null ? null : data.containment * 100, language),
          })}
        </Text>
      )}
      {on && data && <CounterDays read={data} />}
    </Stack>
  );
}
