// Both days: figures of the whole day, lines over the intervals, and the table that says the same.
import { Alert, Card, Group, ScrollArea, Stack, Table, Text, Title } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { count, type Language, LOCALES } from "@/state/format";
import type { Estimate, WhatIfAnswer, WhatIfLine, WhatIfSide } from "@/wire/staffing";
import { StaffingPlot } from "./staffing_plot";

const FIGURES = ["service_level", "mean_wait", "abandoned", "occupancy"] as const;
type Name = (typeof FIGURES)[number];

function numberText(name: Name, value: number, language: Language): string {
  const shares = name === "service_level" || name === "occupancy";
  const text = new Intl.NumberFormat(LOCALES[language], {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(shares ? value * 100 : value);
  return shares ? `${text} %` : name === "mean_wait" ? `${text} s` : text;
}

/** With the half of its interval of confidence. */
function estimateText(name: Name, one: Estimate, language: Language, signed = false): string {
  if (one.mean === null) return "–";
  const mean = `${signed && one.mean > 0 ? "+" : ""}${numberText(name, one.mean, language)}`;
  return one.half === null ? mean : `${mean} ± ${numberText(name, one.half, language)}`;
}

/** Whether it is surely more, or surely less, than nothing. */
const sure = (one: Estimate) =>
  one.mean !== null && one.half !== null && Math.abs(one.mean) > one.half;

const agentsText = (value: number, language: Language) =>
  count(Math.round(value * 10) / 10, language);

export function WhatIfAnswerView({ answer }: { answer: WhatIfAnswer }) {
  const { t } = useTranslation();
  const lines = answer.lines;
  const base = t(`whatIfBase.${answer.hours}`); // what the change is compared with
  return (
    <Stack gap="md" data-testid="what-if-answer">
      {answer.hours !== "planned" && (
        <Alert color="yellow">
          {t(answer.hours === "usual" ? "whatIf.usualHours" : "whatIf.notPlanned")}
        </Alert>
      )}
      <Whole line={answer.whole} base={base} replications={answer.replications} />
      <Lines lines={lines} base={base} name="service_level" />
      <Lines lines={lines} base={base} name="occupancy" />
      <Intervals lines={lines} base={base} />
    </Stack>
  );
}

function Whole({
  line,
  base,
  replications,
}: {
  line: WhatIfLine;
  base: string;
  replications: number;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h5">
          {t("whatIf.whole")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("whatIf.replications", { count: replications })}
        </Text>
      </Group>
      <ScrollArea viewportProps={{ tabIndex: 0 }}>
        <Table fz="sm" verticalSpacing={6} className="cc-figures">
          <Table.Thead>
            <Table.Tr>
              <Table.Th />
              <Table.Th ta="end">{base}</Table.Th>
              <Table.Th ta="end">{t("whatIf.changed")}</Table.Th>
              <Table.Th ta="end">{t("whatIf.difference")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {FIGURES.map((name) => (
              <Table.Tr key={name} data-figure={name}>
                <Table.Th scope="row" fw={500}>
                  {t(`whatIfFigure.${name}`)}
                </Table.Th>
                <Table.Td ta="end" data-side="base" data-value={line.base[name].mean ?? ""}>
                  {estimateText(name, line.base[name], language)}
                </Table.Td>
                <Table.Td ta="end" data-side="changed" data-value={line.changed[name].mean ?? ""}>
                  {estimateText(name, line.changed[name], language)}
                </Table.Td>
                <DifferenceCell name={name} one={line.difference[name]} />
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
      <Text size="xs" c="dimmed" mt="xs">
        {t("whatIf.definitions")}
      </Text>
    </Card>
  );
}

/** Bold where it is no chance. */
function DifferenceCell({ name, one }: { name: Name; one: Estimate }) {
  const language = useLanguage();
  return (
    <Table.Td
      ta="end"
      {...(sure(one) ? { fw: 650 } : {})}
      data-figure={name}
      data-side="difference"
      data-value={one.mean ?? ""}
      data-half={one.half ?? ""}
    >
      {estimateText(name, one, language, true)}
    </Table.Td>
  );
}

function Lines({
  lines,
  base,
  name,
}: {
  lines: WhatIfLine[];
  base: string;
  name: "service_level" | "occupancy";
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const drawn = useMemo(
    () => ({
      at: lines.map((line) => Date.parse(line.begins ?? "") / 1000),
      lines: [
        { label: base, values: lines.map((line) => line.base[name].mean) },
        { label: t("whatIf.changed"), values: lines.map((line) => line.changed[name].mean) },
      ],
      text: (value: number) => numberText(name, value, language),
      place: (seconds: number) => placeOf(lines, seconds),
    }),
    [lines, base, name, t, language],
  );
  return (
    <Card withBorder padding="sm">
      <Title order={3} size="h5">
        {t(`whatIfFigure.${name}`)}
      </Title>
      <StaffingPlot {...drawn} over={t("staff.start")} steps />
    </Card>
  );
}

/** The service writes moments with the offset of the centre's clock. */
const clockOf = (line: WhatIfLine) => line.clock;

function placeOf(lines: WhatIfLine[], seconds: number): string {
  const first = lines[0];
  if (first === undefined) return "";
  const found = lines.findLast((line) => Date.parse(line.begins ?? "") / 1000 <= seconds) ?? first;
  return clockOf(found);
}

function Intervals({ lines, base }: { lines: WhatIfLine[]; base: string }) {
  const { t } = useTranslation();
  return (
    <Card withBorder padding={0}>
      <ScrollArea.Autosize mah={480} viewportProps={{ tabIndex: 0 }}>
        <Table
          stickyHeader
          highlightOnHover
          fz="sm"
          verticalSpacing={4}
          miw={760}
          className="cc-figures"
        >
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("staff.start")}</Table.Th>
              <Table.Th ta="end">{t("staff.calls")}</Table.Th>
              <Table.Th>{t("whatIf.which")}</Table.Th>
              <Table.Th ta="end">{t("staff.agents")}</Table.Th>
              {FIGURES.map((name) => (
                <Table.Th key={name} ta="end">
                  {t(`whatIfFigure.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {lines.flatMap((line) => [
              <SideRow
                key={`${line.begins} base`}
                line={line}
                side={line.base}
                which="base"
                label={base}
              />,
              <SideRow
                key={`${line.begins} changed`}
                line={line}
                side={line.changed}
                which="changed"
                label={t("whatIf.changed")}
              />,
              <DifferenceRow key={`${line.begins} difference`} line={line} />,
            ])}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
    </Card>
  );
}

function SideRow({
  line,
  side,
  which,
  label,
}: {
  line: WhatIfLine;
  side: WhatIfSide;
  which: "base" | "changed";
  label: string;
}) {
  const language = useLanguage();
  const first = which === "base";
  const otherwise = side.agents !== line.base.agents;
  return (
    <Table.Tr
      data-interval={clockOf(line)}
      data-side={which}
      style={first ? undefined : { background: "var(--mantine-color-default-hover)" }}
    >
      <Table.Td>{first ? clockOf(line) : ""}</Table.Td>
      <Table.Td ta="end">{first ? agentsText(line.calls, language) : ""}</Table.Td>
      <Table.Td>{label}</Table.Td>
      <Table.Td ta="end" {...(otherwise ? { fw: 650 } : {})}>
        {agentsText(side.agents, language)}
      </Table.Td>
      {FIGURES.map((name) => (
        <Table.Td key={name} ta="end" data-figure={name} data-value={side[name].mean ?? ""}>
          {estimateText(name, side[name], language)}
        </Table.Td>
      ))}
    </Table.Tr>
  );
}

/** Not where both days are the same. */
function DifferenceRow({ line }: { line: WhatIfLine }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { difference } = line;
  const same = FIGURES.every((name) => !difference[name].mean && !difference[name].half);
  if (same && difference.agents === 0) return null;
  const agents = agentsText(difference.agents, language);
  return (
    <Table.Tr
      data-interval={clockOf(line)}
      data-side="difference"
      style={{ background: "var(--mantine-color-default-hover)" }}
    >
      <Table.Td />
      <Table.Td />
      <Table.Td>{t("whatIf.difference")}</Table.Td>
      <Table.Td ta="end">{difference.agents > 0 ? `+${agents}` : agents}</Table.Td>
      {FIGURES.map((name) => (
        <DifferenceCell key={name} name={name} one={difference[name]} />
      ))}
    </Table.Tr>
  );
}
