// A plot by keyboard and for who cannot see it: left and right go along a line, up and down from line to
// line, Enter opens what is behind the point. Each point is said with its time and number.
import { Text } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import type { Figure, Report, ReportTable } from "@/wire/reports";
import { useKeyText } from "./keys";
import { valueText } from "./values";

/** The place of an interval, and that of a line. */
export interface Point {
  at: number;
  line: number;
}

const FAR = 10;

export function PlotKeys({
  report,
  table,
  series,
  valueAt,
  onShow,
  onOpen,
  children,
}: {
  report: Report;
  table: ReportTable;
  series: readonly Figure[];
  valueAt: (point: Point) => number | null;
  onShow: (point: Point) => void;
  onOpen: (point: Point) => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const keyText = useKeyText(report);
  const last = table.rows.length - 1;
  const [chosen, setPoint] = useState<Point>({ at: 0, line: 0 });
  const point = { at: Math.min(chosen.at, last), line: Math.min(chosen.line, series.length - 1) };
  const title = (figure: Figure | undefined) => figure?.title[language === "zh" ? 1 : 0] ?? "";
  const figure = series[point.line];
  const said = [
    keyText("interval", table.rows[point.at]?.keys[0] ?? ""),
    `${title(figure)}: ${figure === undefined ? "" : valueText(figure, valueAt(point), language)}`,
  ].join(", ");
  const go = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Enter") return onOpen(point);
    const { at, line } = point;
    const to: Record<string, Point> = {
      ArrowLeft: { at: at - 1, line },
      ArrowRight: { at: at + 1, line },
      PageUp: { at: at - FAR, line },
      PageDown: { at: at + FAR, line },
      Home: { at: 0, line },
      End: { at: last, line },
      ArrowUp: { at, line: line - 1 },
      ArrowDown: { at, line: line + 1 },
    };
    const next = to[event.key];
    if (next === undefined) return;
    event.preventDefault();
    const there = {
      at: Math.min(last, Math.max(0, next.at)),
      line: Math.min(series.length - 1, Math.max(0, next.line)),
    };
    setPoint(there);
    onShow(there);
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className="cc-plot-keys"
      aria-label={t("report.plot", { names: series.map(title).join(", ") })}
      aria-valuemin={1}
      aria-valuemax={last + 1}
      aria-valuenow={point.at + 1}
      aria-valuetext={said}
      aria-description={t("report.plotKeys")}
      onKeyDown={go}
      onFocus={(event) => event.currentTarget.matches(":focus-visible") && onShow(point)}
    >
      {children}
      <Text size="xs" c="dimmed" className="cc-plot-hint cc-no-print" aria-hidden>
        {t("report.plotKeys")}
      </Text>
    </div>
  );
}
