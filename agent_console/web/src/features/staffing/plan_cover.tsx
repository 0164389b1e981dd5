// What is needed against what is planned, by interval of one day: the figures of the report of staffing.
import { Card, Group, ScrollArea, Select, Stack, Table, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { useChoices, useLanguage } from "@/state/choices";
import { count, type Language } from "@/state/format";
import { type Report, readReport } from "@/wire/reports";
import { dayText } from "./plan_values";
import { StaffingPlot } from "./staffing_plot";

interface Need {
  begins: string;
  calls: number | null;
  needed: number | null;
  planned: number | null;
  over: number | null;
}

function needsOf(report: Report): Need[] {
  const table = report.tables.find(({ name }) => name === "intervals");
  if (table === undefined) return [];
  return table.rows.map(({ keys, values }) => {
    const at = (name: string) => values[table.figures.indexOf(name)] ?? null;
    return {
      begins: keys[0] ?? "",
      calls: at("calls_expected"),
      needed: at("agents_needed"),
      planned: at("agents_planned"),
      over: at("agents_over"),
    };
  });
}

const rounded = (value: number | null, language: Language) =>
  value === null ? "–" : count(Math.round(value * 10) / 10, language);

export function PlanCover({ days, zone }: { days: string[]; zone: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { queues } = useChoices();
  const [day, setDay] = useState(days[0] ?? "");
  const [queue, setQueue] = useState<string | null>(null);
  const asked = {
    first: day,
    last: day,
    zone,
    interval: "30min",
    queues: queue === null ? [] : [queue],
    agents: [],
    compare: "",
  } as const;
  const query = useQuery({
    queryKey: ["report", "staffing", asked],
    queryFn: () =>
      readReport("staffing", { ...asked, queues: [...asked.queues], agents: [...asked.agents] }),
  });
  return (
    <Card withBorder data-testid="plan-cover">
      <Stack gap="sm">
        <Group justify="space-between" align="end">
          <div>
            <Title order={3} size="h5">
              {t("plan.cover")}
            </Title>
            <Text size="sm" c="dimmed">
              {t("plan.coverHint")}
            </Text>
          </div>
          <Group gap="sm">
            <Select
              aria-label={t("plan.coverDay")}
              allowDeselect={false}
              value={day}
              onChange={(value) => setDay(value ?? day)}
              data={days.map((value) => ({ value, label: dayText(value, language) }))}
            />
            <Select
              aria-label={t("plan.coverQueue")}
              clearable
              searchable
              placeholder={t("plan.allQueues")}
              value={queue}
              onChange={setQueue}
              data={queues.map(({ id, name }) => ({ value: id, label: name }))}
            />
          </Group>
        </Group>
        {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
        {query.isLoading && <Rows count={4} />}
        {query.data && <Needs needs={needsOf(query.data)} zone={zone} />}
      </Stack>
    </Card>
  );
}

function Needs({ needs, zone }: { needs: Need[]; zone: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const drawn = useMemo(() => {
    const clock = new Intl.DateTimeFormat("en-GB", {
      timeZone: zone,
      hour: "2-digit",
      minute: "2-digit",
    });
    const last = needs.at(-1);
    const whole = last === undefined ? needs : [...needs, last];
    const at = needs.map(({ begins }) => Date.parse(begins) / 1000);
    const end = (at.at(-1) ?? 0) + 1800;
    return {
      at: [...at, ...(last === undefined ? [] : [end])],
      lines: [
        { label: t("plan.needed"), values: whole.map(({ needed }) => needed) },
        { label: t("plan.planned"), values: whole.map(({ planned }) => planned) },
      ],
      text: (value: number) => rounded(value, language),
      place: (seconds: number) => clock.format(new Date(seconds * 1000)),
    };
  }, [needs, zone, t, language]);
  const shown = needs.filter(({ needed, planned }) => (needed ?? 0) > 0 || (planned ?? 0) > 0);
  if (shown.length === 0) return <Text c="dimmed">{t("plan.coverNothing")}</Text>;
  return (
    <>
      {needs.every(({ planned }) => planned === null) && (
        <Text size="sm" role="status">
          {t("plan.coverNoPlan")}
        </Text>
      )}
      <StaffingPlot {...drawn} over={t("staff.start")} steps />
      <ScrollArea.Autosize mah={360} viewportProps={{ tabIndex: 0 }}>
        <Table stickyHeader fz="sm" verticalSpacing={4} className="cc-figures">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("staff.start")}</Table.Th>
              <Table.Th ta="end">{t("staff.calls")}</Table.Th>
              <Table.Th ta="end">{t("plan.needed")}</Table.Th>
              <Table.Th ta="end">{t("plan.planned")}</Table.Th>
              <Table.Th ta="end">{t("plan.over")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((one) => (
              <Table.Tr key={one.begins} data-interval={one.begins}>
                <Table.Td>{drawn.place(Date.parse(one.begins) / 1000)}</Table.Td>
                <Table.Td ta="end">{rounded(one.calls, language)}</Table.Td>
                <Table.Td ta="end">{rounded(one.needed, language)}</Table.Td>
                <Table.Td ta="end">{rounded(one.planned, language)}</Table.Td>
                <Table.Td ta="end" fw={650} {...((one.over ?? 0) < 0 ? { c: "red" } : {})}>
                  {rounded(one.over, language)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </>
  );
}
