// One table of a report: keys first, then figures, totals below. A number that calls are behind leads to
// them.
import { Anchor, Card, ScrollArea, Table, Text, Title } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallsSearch, QualitySearch } from "@/state/addresses";
import { useLanguage } from "@/state/choices";
import type { Asked, Figure, Report, ReportTable } from "@/wire/reports";
import { FigureTitle } from "./cards";
import { useKeyText } from "./keys";
import { valueText } from "./values";

const ROWS_AT_ONCE = 200;
const LEAST = Number.NEGATIVE_INFINITY;
const LEADS: Record<string, "queues" | "agents" | "disposition" | "number" | "trunk" | "cause"> = {
  queue: "queues",
  agent: "agents",
  disposition: "disposition",
  number: "number",
  trunk: "trunk",
  cause: "cause",
};
const LEADING = new Set([...Object.keys(LEADS), "interval"]);

type Line = ReportTable["rows"][number];

export function ReportTableView({
  report,
  table,
  asked,
  figures,
}: {
  report: Report;
  table: ReportTable;
  asked: Asked;
  figures: Map<string, Figure>;
}) {
  const { t } = useTranslation();
  const keyText = useKeyText(report);
  const [sort, setSort] = useState<{ column: number; up: boolean } | null>(null);
  const [most, setMost] = useState(ROWS_AT_ONCE);
  const shown = table.figures.flatMap((name) => figures.get(name) ?? []);
  const rows = sort === null ? table.rows : [...table.rows].sort(by(sort.column, sort.up));
  const leads = table.keys.every((key) => LEADING.has(key));
  return (
    <Card withBorder padding={0} data-table={table.name}>
      <Title order={3} size="h5" p="sm">
        {t(`reportTable.${table.name}` as "reportTable.queues")}
      </Title>
      {table.rows.length === 0 && (
        <Text px="sm" pb="sm" c="dimmed">
          {t("report.nothing")}
        </Text>
      )}
      {table.rows.length > 0 && (
        <ScrollArea>
          <Table striped highlightOnHover verticalSpacing={6} horizontalSpacing="sm" fz="sm">
            <Table.Thead>
              <Table.Tr>
                {table.keys.map((key) => (
                  <Table.Th key={key}>{t(`reportKey.${key}` as "reportKey.queue")}</Table.Th>
                ))}
                {shown.map((figure, column) => (
                  <Table.Th
                    key={figure.name}
                    ta="end"
                    aria-sort={
                      sort?.column === column ? (sort.up ? "ascending" : "descending") : "none"
                    }
                    className="cc-sortable"
                    onClick={() =>
                      setSort({ column, up: sort?.column === column ? !sort.up : false })
                    }
                  >
                    <FigureTitle figure={figure} />
                    {sort?.column === column && (sort.up ? " ↑" : " ↓")}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {rows.slice(0, most).map((row) => (
                <Table.Tr key={row.keys.join("\u0000")} data-row={row.keys.join(" ")}>
                  {row.keys.map((key, number) => (
                    <Table.Td key={table.keys[number]} className="cc-key">
                      {keyText(table.keys[number] ?? "", key)}
                    </Table.Td>
                  ))}
                  {shown.map((figure, column) => (
                    <Table.Td key={figure.name} ta="end" className="cc-figures">
                      <Value
                        figure={figure}
                        zone={report.zone}
                        value={row.values[column] ?? null}
                        search={leads ? behind(report, table, row, asked, figure) : null}
                        evaluations={evaluated(report, table, row, asked)}
                      />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
            {table.totals !== null && (
              <Table.Tfoot>
                <Table.Tr data-row="total">
                  <Table.Th colSpan={table.keys.length}>{t("report.total")}</Table.Th>
                  {shown.map((figure, column) => (
                    <Table.Th key={figure.name} ta="end" className="cc-figures">
                      <Value
                        figure={figure}
                        zone={report.zone}
                        value={table.totals?.[column] ?? null}
                        search={leads ? behind(report, table, null, asked, figure) : null}
                      />
                    </Table.Th>
                  ))}
                </Table.Tr>
              </Table.Tfoot>
            )}
          </Table>
        </ScrollArea>
      )}
      {rows.length > most && (
        <Anchor component="button" p="sm" onClick={() => setMost(most + ROWS_AT_ONCE)}>
          {t("report.more", { count: rows.length - most })}
        </Anchor>
      )}
    </Card>
  );
}

function Value({
  figure,
  zone,
  value,
  search,
  evaluations = null,
}: {
  figure: Figure;
  zone: string;
  value: number | null;
  search: CallsSearch | null;
  evaluations?: QualitySearch | null;
}) {
  const language = useLanguage();
  const text = valueText(figure, value, language, zone);
  if (evaluations !== null && value !== null && figure.name === "evaluations") {
    return (
      <Link
        to="/quality"
        search={evaluations}
        className="cc-number"
        data-figure={figure.name}
        data-value={value}
      >
        {text}
      </Link>
    );
  }
  if (search === null || value === null || value === 0) {
    return (
      <span data-figure={figure.name} data-value={value ?? ""}>
        {text}
      </span>
    );
  }
  return (
    <Link
      to="/calls"
      search={search}
      className="cc-number"
      data-figure={figure.name}
      data-value={value}
    >
      {text}
    </Link>
  );
}

/** What the calls behind the number of this row are found by; null: it has none. */
function behind(
  report: Report,
  table: ReportTable,
  row: Line | null,
  asked: Asked,
  figure: Figure,
): CallsSearch | null {
  if (!figure.behind) return null;
  const search: CallsSearch = {
    figure: figure.name,
    since: report.since,
    until: report.until,
    ...(asked.queues.length > 0 ? { queues: asked.queues.join(",") } : {}),
    ...(asked.agents.length > 0 ? { agents: asked.agents.join(",") } : {}),
  };
  const every = report.tables.find((one) => one.name === "intervals") ?? table;
  const edges = every.rows.map((one) => one.keys[0] ?? "");
  for (const [number, key] of (row === null ? [] : table.keys).entries()) {
    const value = row?.keys[number] ?? "";
    if (key === "interval") {
      search.since = value;
      search.until = edges[edges.indexOf(value) + 1] ?? report.until;
    } else if (key === "trunk" && value === "") {
      return null;
    } else {
      const lead = LEADS[key];
      if (lead !== undefined) search[lead] = value;
    }
  }
  return search;
}

/** The evaluations of a row of the report about them; null: it is none. */
function evaluated(
  report: Report,
  table: ReportTable,
  row: Line,
  asked: Asked,
): QualitySearch | null {
  if (report.name !== "quality" || table.keys.length !== 1) return null;
  const [key = ""] = row.keys;
  const found = { tab: "list", first: asked.first, last: asked.last, zone: report.zone } as const;
  if (table.keys[0] === "agent") return { ...found, agent: key };
  return table.keys[0] === "form" ? { ...found, form: key } : null;
}

function by(column: number, up: boolean) {
  return (one: Line, other: Line) => {
    const left = one.values[column] ?? LEAST;
    const right = other.values[column] ?? LEAST;
    return up ? left - right : right - left;
  };
}
