// Figures by interval as lines over time. The table below says the same to who cannot see it.
import { useMantineColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useLanguage } from "@/state/choices";
import type { Figure, Report, ReportTable } from "@/wire/reports";
import { valueText } from "./values";

const COLORS = ["#1c7ed6", "#2f9e44", "#e03131", "#f08c00", "#7048e8"];
const HEIGHT = 240;
const DAY_SECONDS = 86_400;
/** Days of 23 hours are days, too. */
const SHORT_DAY_SECONDS = 82_800;
const WHOLE_DAYS = [1, 2, 3, 7, 14, 28, 56, 112].map((days) => days * DAY_SECONDS);
/** The last word of the axis stands beyond its mark. */
const BESIDE_PX = 40;

/** A moment on the axis: the day, or the time with the day where one begins (or `dated`). */
function momentText(language: string, zone: string) {
  const day = new Intl.DateTimeFormat(language, { timeZone: zone, day: "numeric", month: "short" });
  const clock = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (seconds: number, timed: boolean, dated: boolean): string => {
    const date = new Date(seconds * 1000);
    const time = clock.format(date);
    if (!timed) return day.format(date);
    return dated || time === "00:00" ? `${day.format(date)} ${time}` : time;
  };
}

export function Plot({
  report,
  table,
  names,
  figures,
}: {
  report: Report;
  table: ReportTable;
  names: readonly string[];
  figures: Map<string, Figure>;
}) {
  const place = useRef<HTMLDivElement>(null);
  const { t } = useTranslation();
  const language = useLanguage();
  const { colorScheme } = useMantineColorScheme();
  useEffect(() => {
    const holder = place.current;
    if (holder === null) return;
    const at = table.rows.map((row) => Date.parse(row.keys[0] ?? "") / 1000);
    const daily = at.length > 1 && Number(at[1]) - Number(at[0]) >= SHORT_DAY_SECONDS;
    const columns = names.map((name) => table.figures.indexOf(name));
    const values = columns.map((column) => table.rows.map((row) => row.values[column] ?? null));
    const ink = colorScheme === "dark" ? "#c9c9c9" : "#495057";
    const moments = momentText(language, report.zone);
    const shown = names.flatMap((name) => figures.get(name) ?? []);
    const unit = shown[0];
    const plot = new uPlot(
      {
        width: holder.clientWidth,
        height: HEIGHT,
        padding: [null, BESIDE_PX, null, null],
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), report.zone),
        scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] } },
        axes: [
          {
            stroke: ink,
            grid: { stroke: "#8884" },
            ...(daily ? { incrs: WHOLE_DAYS } : {}),
            values: (_, ticks, __, ___, step) =>
              ticks.map((tick, place) => moments(tick, step < DAY_SECONDS, place === 0)),
          },
          {
            stroke: ink,
            grid: { stroke: "#8884" },
            size: 70,
            values: (_, ticks) =>
              ticks.map((tick) => (unit === undefined ? "" : valueText(unit, tick, language))),
          },
        ],
        series: [
          {
            label: t("calls.when"),
            value: (_: uPlot, at: number | null) => (at === null ? "–" : moments(at, true, true)),
          },
          ...shown.map((figure, number) => ({
            label: figure.title[language === "zh" ? 1 : 0] ?? figure.name,
            stroke: COLORS[number % COLORS.length] ?? "#888",
            width: 2,
            points: { show: at.length < 40 },
            value: (_: uPlot, value: number | null) => valueText(figure, value, language),
          })),
        ],
      },
      [at, ...values],
      holder,
    );
    const watch = new ResizeObserver(() =>
      plot.setSize({ width: holder.clientWidth, height: HEIGHT }),
    );
    watch.observe(holder);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [report, table, names, figures, language, colorScheme, t]);
  return <div ref={place} className="cc-plot" aria-hidden data-testid="plot" />;
}
