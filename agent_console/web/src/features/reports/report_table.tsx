// One table of a report: keys first, then figures, totals below. A number that calls are behind leads to
// them.
import { Anchor, Card, ScrollArea, Table, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import type { Asked, Figure, Report, ReportTable } from "@/wire/reports";
import { type Line, leadOf } from "./behind";
import { FigureTitle } from "./cards";
import { useKeyText } from "./keys";
import { FigureNumber } from "./number";
import { type Sort, sortIn } from "./sorting";
import { valueText } from "./values";

const ROWS_AT_ONCE = 200;
const MOMENTS = new Set(["interval", "moment", "until", "day"]);
const LEAST = Number.NEGATIVE_INFINITY;
export function ReportTableView({
  report,
  table,
  asked,
  figures,
  sorted,
  onSort,
}: {
  report: Report;
  table: ReportTable;
  asked: Asked;
  figures: Map<string, Figure>;
  /** As the address has it. */
  sorted: string | undefined;
  onSort: (sort: Sort) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const keyText = useKeyText(report);
  const sort = sortIn(sorted, table);
  const [most, setMost] = useState(ROWS_AT_ONCE);
  const shown = table.figures.flatMap((name) => figures.get(name) ?? []);
  const rows = sort === null ? table.rows : [...table.rows].sort(by(sort.column, sort.up));
  const cell = (row: Line | null, figure: Figure, value: number | null) => (
    <FigureNumber
      figure={figure}
      value={value}
      lead={leadOf(report, row === null ? null : table, row, asked, figure, value)}
    >
      {valueText(figure, value, language, report.zone)}
    </FigureNumber>
  );
  return (
    <Card withBorder padding={0} data-table={table.name}>
      <Title order={3} size="h5" p="sm">
        {t(`reportTable.${table.name}` as "reportTable.queues")}
      </Title>
      {table.rows.length === 0 && (
        <Text px="sm" pb="sm" c="dimmed">
          {t(report.name === "adherence" ? "report.noPlan" : "report.nothing")}
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
                      onSort({
                        table: table.name,
                        figure: figure.name,
                        up: sort?.column === column && !sort.up,
                      })
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
                    <Table.Td
                      key={table.keys[number]}
                      className={
                        MOMENTS.has(table.keys[number] ?? "") ? "cc-key cc-moment" : "cc-key"
                      }
                    >
                      {keyText(table.keys[number] ?? "", key)}
                    </Table.Td>
                  ))}
                  {shown.map((figure, column) => (
                    <Table.Td key={figure.name} ta="end" className="cc-figures">
                      {cell(row, figure, row.values[column] ?? null)}
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
                      {cell(null, figure, table.totals?.[column] ?? null)}
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

function by(column: number, up: boolean) {
  return (one: Line, other: Line) => {
    const left = one.values[column] ?? LEAST;
    const right = other.values[column] ?? LEAST;
    return up ? left - right : right - left;
  };
}
