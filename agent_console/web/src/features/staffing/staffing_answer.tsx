// The answer: how many in which interval, and what a few more or fewer would do.
import { Card, Group, ScrollArea, Stack, Table, Text, Title, UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { count, duration, type Language, LOCALES, percent } from "@/state/format";
import type { Met, SimulatedAnswer, SimulatedRow, Staffing, StaffingRow } from "@/wire/staffing";
import { SimulatedCell } from "./simulated_cell";
import { StaffingPlot } from "./staffing_plot";

const DAY = 86_400;
const ENDLESS = -1;

const share = (value: number, language: Language) => percent(value * 100, language);
const wait = (seconds: number) => (seconds === ENDLESS ? "∞" : duration(Math.round(seconds)));

/** Logged intervals begin at moments, typed ones at times of a day. */
function startText(seconds: number, language: Language): string {
  if (seconds < 8 * DAY) {
    const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
    return `${two((seconds % DAY) / 3600)}:${two((seconds % 3600) / 60)}`;
  }
  return new Intl.DateTimeFormat(LOCALES[language], {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(new Date(seconds * 1000));
}

/** The simulated interval that begins then. */
type Beside = ReadonlyMap<number, SimulatedRow>;

const mostOf = (beside: Beside): number | null => {
  const found = [...beside.values()].flatMap(({ agents }) => (agents === null ? [] : [agents]));
  return found.length === 0 ? null : Math.max(...found);
};

export function StaffingAnswer({
  answer,
  beside: simulated,
}: {
  answer: Staffing;
  beside: SimulatedAnswer | null;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const rows = answer.intervals;
  const busiest = rows.reduce(
    (best, row, n) => (row.agents > (rows[best]?.agents ?? 0) ? n : best),
    0,
  );
  const [chosen, setChosen] = useState(busiest);
  const beside: Beside | null = useMemo(
    () => simulated && new Map(simulated.intervals.map((one) => [one.start_seconds, one])),
    [simulated],
  );
  const most = beside && mostOf(beside);
  const row = rows[chosen] ?? rows[0];
  if (row === undefined) return <Text c="dimmed">{t("staff.noCalls")}</Text>;
  return (
    <Stack gap="md" data-testid="staffing-answer">
      <Group gap="md">
        <Total label={t("staff.most")} value={count(rows[busiest]?.agents ?? 0, language)} />
        {most !== null && <Total label={t("staff.simulatedMost")} value={count(most, language)} />}
        <Total
          label={t("staff.mostRostered")}
          value={count(Math.max(...rows.map((one) => one.rostered)), language)}
        />
        <Total label={t("staff.paidHours")} value={count(answer.paid_hours, language)} />
      </Group>
      {rows.length > 1 && <OverTime rows={rows} beside={beside} />}
      <Intervals rows={rows} beside={beside} chosen={chosen} onChoose={setChosen} />
      <Around row={row} named={rows.length > 1} />
    </Stack>
  );
}

function Total({ label, value }: { label: string; value: string }) {
  return (
    <Card withBorder padding="sm">
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text fz={26} fw={650} className="cc-figures">
        {value}
      </Text>
    </Card>
  );
}

function OverTime({ rows, beside }: { rows: StaffingRow[]; beside: Beside | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const drawn = useMemo(() => {
    const last = rows.at(-1);
    const until = last === undefined ? [] : [last]; // the last one, too, holds for its time
    const figures = (of: "agents" | "rostered") => [...rows, ...until].map((row) => row[of]);
    const same = rows.every((row) => row.agents === row.rostered);
    return {
      at: [
        ...rows.map((row) => row.start_seconds),
        ...until.map((row) => row.start_seconds + row.seconds),
      ],
      lines: [
        { label: t("staff.agents"), values: figures("agents") },
        ...(beside === null
          ? []
          : [
              {
                label: t("staff.simulated"),
                values: [...rows, ...until].map(
                  (row) => beside.get(row.start_seconds)?.agents ?? null,
                ),
              },
            ]),
        ...(same ? [] : [{ label: t("staff.rostered"), values: figures("rostered") }]),
      ],
      text: (value: number) => count(value, language),
      place: (seconds: number) => startText(seconds, language),
    };
  }, [rows, beside, t, language]);
  return (
    <Card withBorder padding="sm">
      <Title order={3} size="h5">
        {t("staff.overTime")}
      </Title>
      <StaffingPlot {...drawn} over={t("staff.start")} steps />
    </Card>
  );
}

function Intervals({
  rows,
  beside,
  chosen,
  onChoose,
}: {
  rows: StaffingRow[];
  beside: Beside | null;
  chosen: number;
  onChoose: (row: number) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Card withBorder padding={0}>
      <ScrollArea.Autosize mah={420} viewportProps={{ tabIndex: 0 }}>
        <Table stickyHeader highlightOnHover verticalSpacing={6} fz="sm" className="cc-figures">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("staff.start")}</Table.Th>
              <Table.Th ta="end">{t("staff.calls")}</Table.Th>
              <Table.Th ta="end">{t("staff.handling")}</Table.Th>
              <Table.Th ta="end">{t("staff.erlang")}</Table.Th>
              {beside !== null && <Table.Th ta="end">{t("staff.simulated")}</Table.Th>}
              <MetHeads />
              <Table.Th ta="end">{t("staff.rostered")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, number) => (
              <Table.Tr
                key={row.start_seconds}
                onClick={() => onChoose(number)}
                bg={
                  number === chosen && rows.length > 1 ? "var(--mantine-color-default-hover)" : ""
                }
              >
                <Table.Td>
                  {rows.length > 1 ? (
                    <UnstyledButton
                      fz="sm"
                      aria-pressed={number === chosen}
                      onClick={() => onChoose(number)}
                    >
                      {startText(row.start_seconds, language)}
                    </UnstyledButton>
                  ) : (
                    startText(row.start_seconds, language)
                  )}
                </Table.Td>
                <Table.Td ta="end">{count(row.calls, language)}</Table.Td>
                <Table.Td ta="end">{duration(row.handling_seconds)}</Table.Td>
                <Table.Td ta="end">{count(Math.round(row.erlang * 10) / 10, language)}</Table.Td>
                {beside !== null && <SimulatedCell row={beside.get(row.start_seconds)} />}
                <MetCells met={row} />
                <Table.Td ta="end">{count(row.rostered, language)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </Card>
  );
}

function MetHeads() {
  const { t } = useTranslation();
  return (
    <>
      <Table.Th ta="end">{t("staff.agents")}</Table.Th>
      <Table.Th ta="end">{t("staff.inTime")}</Table.Th>
      <Table.Th ta="end">{t("staff.meanWait")}</Table.Th>
      <Table.Th ta="end">{t("staff.gaveUp")}</Table.Th>
      <Table.Th ta="end">{t("staff.busy")}</Table.Th>
    </>
  );
}

function MetCells({ met }: { met: Met }) {
  const language = useLanguage();
  return (
    <>
      <Table.Td ta="end" fw={650}>
        {count(met.agents, language)}
      </Table.Td>
      <Table.Td ta="end">{share(met.service_level, language)}</Table.Td>
      <Table.Td ta="end">{wait(met.mean_wait)}</Table.Td>
      <Table.Td ta="end">{share(met.probability_of_abandonment, language)}</Table.Td>
      <Table.Td ta="end">{share(met.occupancy, language)}</Table.Td>
    </>
  );
}

function Around({ row, named }: { row: StaffingRow; named: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const drawn = useMemo(
    () => ({
      at: row.around.map((met) => met.agents),
      lines: [
        { label: t("staff.inTime"), values: row.around.map((met) => met.service_level) },
        { label: t("staff.busy"), values: row.around.map((met) => met.occupancy) },
        {
          label: t("staff.gaveUp"),
          values: row.around.map((met) => met.probability_of_abandonment),
        },
      ],
      text: (value: number) => share(value, language),
      place: (agents: number) => (Number.isInteger(agents) ? count(agents, language) : ""),
    }),
    [row, t, language],
  );
  return (
    <Card withBorder padding="sm">
      <Title order={3} size="h5">
        {named
          ? t("staff.aroundAt", { start: startText(row.start_seconds, language) })
          : t("staff.around")}
      </Title>
      <StaffingPlot {...drawn} over={t("staff.agents")} />
      <ScrollArea viewportProps={{ tabIndex: 0 }}>
        <Table verticalSpacing={4} fz="sm" className="cc-figures" data-testid="around">
          <Table.Thead>
            <Table.Tr>
              <MetHeads />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {row.around.map((met) => (
              <Table.Tr
                key={met.agents}
                bg={met.agents === row.agents ? "var(--mantine-color-default-hover)" : ""}
                aria-current={met.agents === row.agents ? "true" : undefined}
              >
                <MetCells met={met} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Card>
  );
}
