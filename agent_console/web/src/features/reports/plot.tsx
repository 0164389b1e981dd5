// Figures by interval as lines over time. A click on a point leads to what is behind it; so does Enter, after
// the arrow keys have gone there (`plot_keys`). The table below says the same to who cannot see it.
import { useMantineColorScheme } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { useLanguage } from "@/state/choices";
import type { Asked, Figure, Report, ReportTable } from "@/wire/reports";
import { leadOf } from "./behind";
import { PlotKeys, type Point } from "./plot_keys";
import { valueText } from "./values";

const COLORS = ["#1c7ed6", "#2f9e44", "#e03131", "#f08c00", "#7048e8"];
const HEIGHT = 240;
const DAY_SECONDS = 86_400;
/** Days of 23 hours are days, too. */
const SHORT_DAY_SECONDS = 82_800;
const WHOLE_DAYS = [1, 2, 3, 7, 14, 28, 56, 112].map((days) => days * DAY_SECONDS);
/** However far from the lines: one of them is the nearest. */
const NEAREST = { alpha: 0.35, prox: 1e6 };
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
  asked,
  names: wanted,
  figures,
}: {
  report: Report;
  table: ReportTable;
  asked: Asked;
  /** Of these, what the table has. */
  names: readonly string[];
  figures: Map<string, Figure>;
}) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<uPlot>(null);
  const navigate = useNavigate();
  const { t } = useTranslation();
  const language = useLanguage();
  const { colorScheme } = useMantineColorScheme();
  const names = wanted.filter((name) => table.figures.includes(name));
  const series = names.flatMap((name) => figures.get(name) ?? []);
  const valueAt = ({ at, line }: Point) => {
    const column = table.figures.indexOf(names[line] ?? "");
    return table.rows[at]?.values[column] ?? null;
  };
  const leadAt = (point: Point) => {
    const [row, figure] = [table.rows[point.at], series[point.line]];
    if (row === undefined || figure === undefined) return null;
    return leadOf(report, table, row, asked, figure, valueAt(point));
  };
  const open = (point: Point) => {
    const lead = leadAt(point);
    if (lead !== null) void navigate(lead);
  };
  const show = ({ at, line }: Point) => {
    const plot = drawn.current;
    const x = plot?.data[0][at];
    if (plot === null || plot === undefined || x === undefined) return;
    const y = plot.data[line + 1]?.[at];
    plot.setCursor({ left: plot.valToPos(x, "x"), top: plot.valToPos(y ?? 0, "y") });
  };
  const acts = useRef({ open, leadAt });
  acts.current = { open, leadAt };
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
    const near: Point = { at: -1, line: -1 };
    const plot = new uPlot(
      {
        width: holder.clientWidth,
        height: HEIGHT,
        padding: [null, BESIDE_PX, null, null],
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), report.zone),
        focus: { alpha: NEAREST.alpha },
        cursor: { focus: { prox: NEAREST.prox } },
        hooks: {
          setSeries: [
            (_, place) => {
              near.line = place === null ? -1 : place - 1;
            },
          ],
          setCursor: [
            (plot) => {
              near.at = plot.cursor.idx ?? -1;
              plot.over.classList.toggle("cc-leads", acts.current.leadAt(near) !== null);
            },
          ],
        },
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
    drawn.current = plot;
    plot.over.addEventListener("click", () => acts.current.open(near));
    const watch = new ResizeObserver(() =>
      plot.setSize({ width: holder.clientWidth, height: HEIGHT }),
    );
    watch.observe(holder);
    return () => {
      watch.disconnect();
      drawn.current = null;
      plot.destroy();
    };
  }, [report, table, names, figures, language, colorScheme, t]);
  const canvas = <div ref={place} className="cc-plot" aria-hidden data-testid="plot" />;
  if (!series.some((figure) => figure.behind)) return canvas;
  return (
    <PlotKeys
      report={report}
      table={table}
      series={series}
      valueAt={valueAt}
      onShow={show}
      onOpen={open}
    >
      {canvas}
    </PlotKeys>
  );
}
