// Weekday by hour as a grid of colours with its numbers; each leads to a table of the same below.
import { Select, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import type { Figure, ReportTable } from "@/wire/reports";
import { valueText, weekdayText } from "./values";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const DAYS = [1, 2, 3, 4, 5, 6, 7];

export function Heat({ table, figures }: { table: ReportTable; figures: Map<string, Figure> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [name, setName] = useState("offered");
  const column = table.figures.indexOf(name);
  const figure = figures.get(name);
  const cells = new Map(table.rows.map((row) => [row.keys.join(" "), row.values[column] ?? null]));
  const most = Math.max(0, ...[...cells.values()].map((value) => value ?? 0));
  if (figure === undefined) return null;
  return (
    <>
      <Select
        label={t("report.shown")}
        w={260}
        mb="sm"
        value={name}
        allowDeselect={false}
        onChange={(value) => value && setName(value)}
        data={table.figures.map((one) => ({
          value: one,
          label: figures.get(one)?.title[language === "zh" ? 1 : 0] ?? one,
        }))}
      />
      <div className="cc-heat-scroll">
        <div className="cc-heat" role="img" aria-label={figure.title[language === "zh" ? 1 : 0]}>
          <span />
          {HOURS.map((hour) => (
            <Text key={hour} size="10px" c="dimmed" ta="center">
              {String(hour).padStart(2, "0")}
            </Text>
          ))}
          {DAYS.map((day) => [
            <Text key={day} size="xs">
              {weekdayText(day, language)}
            </Text>,
            ...HOURS.map((hour) => {
              const value = cells.get(`${day} ${hour}`) ?? null;
              const depth = value === null || most === 0 ? 0 : Math.round((value / most) * 100);
              return (
                <span
                  key={`${day} ${hour}`}
                  className="cc-heat-cell"
                  data-strong={depth > 55 || undefined}
                  style={{ "--depth": `${depth}%` } as React.CSSProperties}
                >
                  {value === null ? "" : valueText(figure, value, language)}
                </span>
              );
            }),
          ])}
        </div>
      </div>
    </>
  );
}
