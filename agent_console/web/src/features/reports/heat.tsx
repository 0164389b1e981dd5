// Weekday by hour as a grid of colours with its numbers; each leads to the calls of those hours. One stop of
// the Tab key, the arrow keys go from link to link. A table of the same stands below.
import { Select } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import type { Asked, Figure, Report, ReportTable } from "@/wire/reports";
import { leadOf } from "./behind";
import { useKeyText } from "./keys";
import { FigureNumber } from "./number";
import { valueText } from "./values";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const DAYS = [1, 2, 3, 4, 5, 6, 7];
const STEPS: Record<string, [number, number]> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};
const FIRST = "offered";

interface Cell {
  day: number;
  hour: number;
}

const CELLS: Cell[] = DAYS.flatMap((day) => HOURS.map((hour) => ({ day, hour })));

/** Those that lie in that direction, the next one first. */
function cellsFrom({ day, hour }: Cell, [down, right]: [number, number]): Cell[] {
  const found: Cell[] = [];
  for (let steps = 1; steps < HOURS.length; steps += 1) {
    const cell = { day: day + down * steps, hour: hour + right * steps };
    if (cell.day >= 1 && cell.day <= 7 && cell.hour >= 0 && cell.hour < 24) found.push(cell);
  }
  return found;
}

export function Heat({
  report,
  table,
  asked,
  figures,
  shown,
  onShow,
}: {
  report: Report;
  table: ReportTable;
  asked: Asked;
  figures: Map<string, Figure>;
  /** The figure, as the address has it. */
  shown: string | undefined;
  onShow: (figure: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const keyText = useKeyText(report);
  const grid = useRef<HTMLTableElement>(null);
  const [stop, setStop] = useState<Cell | null>(null);
  const column = Math.max(0, table.figures.indexOf(shown ?? FIRST));
  const name = table.figures[column] ?? FIRST;
  const figure = figures.get(name);
  const lines = new Map(table.rows.map((row) => [row.keys.join(" "), row]));
  const most = Math.max(0, ...table.rows.map((row) => row.values[column] ?? 0));
  if (figure === undefined) return null;
  const title = figure.title[language === "zh" ? 1 : 0] ?? name;
  const leadAt = ({ day, hour }: Cell) => {
    const row = lines.get(`${day} ${hour}`);
    return row ? leadOf(report, table, row, asked, figure, row.values[column]) : null;
  };
  const first = CELLS.find((cell) => leadAt(cell) !== null);
  const here = stop !== null && leadAt(stop) !== null ? stop : first;
  /** To the next cell in that direction that leads anywhere. */
  const go = (event: KeyboardEvent, from: Cell) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = cellsFrom(from, step).find((cell) => leadAt(cell) !== null);
    if (next === undefined) return;
    setStop(next);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.day} ${next.hour}"] a`)?.focus();
  };
  return (
    <>
      <Select
        label={t("report.shown")}
        w={260}
        mb="sm"
        value={name}
        allowDeselect={false}
        onChange={(value) => value && onShow(value === FIRST ? undefined : value)}
        data={table.figures.map((one) => ({
          value: one,
          label: figures.get(one)?.title[language === "zh" ? 1 : 0] ?? one,
        }))}
      />
      <div className="cc-heat-scroll">
        <table className="cc-heat" aria-label={title} ref={grid}>
          <thead>
            <tr>
              <th aria-label={t("reportKey.weekday")} />
              {HOURS.map((hour) => (
                <th key={hour} scope="col" aria-label={keyText("hour", String(hour))}>
                  {String(hour).padStart(2, "0")}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {DAYS.map((day) => (
              <tr key={day}>
                <th scope="row">{keyText("weekday", String(day))}</th>
                {HOURS.map((hour) => {
                  const value = lines.get(`${day} ${hour}`)?.values[column] ?? null;
                  const depth = value === null || most === 0 ? 0 : Math.round((value / most) * 100);
                  const text = value === null ? "" : valueText(figure, value, language);
                  const at = `${keyText("weekday", String(day))} ${keyText("hour", String(hour))}`;
                  return (
                    <td
                      key={hour}
                      data-strong={depth > 55 || undefined}
                      data-cell={`${day} ${hour}`}
                      style={{ "--depth": `${depth}%` } as React.CSSProperties}
                    >
                      <FigureNumber
                        figure={figure}
                        value={value}
                        lead={leadAt({ day, hour })}
                        label={`${at}, ${title}: ${text}`}
                        className="cc-heat-number"
                        tabIndex={here?.day === day && here.hour === hour ? 0 : -1}
                        onKeyDown={(event) => go(event, { day, hour })}
                      >
                        {text}
                      </FigureNumber>
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
