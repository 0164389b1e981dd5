// The week as a grid of half hours: painted by mouse, finger or keyboard; beside it each day as text, for
// other minutes. Arrow keys go from cell to cell, space turns one, with shift the arrows paint.
import { Text, TextInput } from "@mantine/core";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  clock,
  DAYS,
  openShare,
  painted,
  type Span,
  STEP,
  STEPS,
  spansOf,
  textOf,
  type Week,
} from "@/state/week";
import "./rules.css";

interface Props {
  week: Week;
  onChange: (week: Week) => void;
  readOnly: boolean;
}

interface Cell {
  day: number;
  step: number;
}

export function WeekGrid({ week, onChange, readOnly }: Props) {
  const { t } = useTranslation();
  const [at, setAt] = useState<Cell>({ day: 0, step: 18 });
  const stroke = useRef<{ from: Cell; before: Week; open: boolean } | null>(null);
  const latest = useRef(week);
  latest.current = week;
  const grid = useRef<HTMLDivElement>(null);
  const take = (next: Week) => {
    latest.current = next;
    onChange(next);
  };
  const paint = (cell: Cell, open: boolean) => take(withBlock(latest.current, cell, cell, open));
  const isOpen = ({ day, step }: Cell) => openShare(latest.current[day] ?? [], step) > 0;
  const go = (cell: Cell) => {
    setAt(cell);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${cell.day}-${cell.step}"]`)?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    const way = MOVES[event.key];
    if (way) {
      event.preventDefault();
      const next = {
        day: Math.min(6, Math.max(0, at.day + way[0])),
        step: Math.min(STEPS - 1, Math.max(0, at.step + way[1])),
      };
      if (event.shiftKey && !readOnly) paint(next, isOpen(at));
      go(next);
    } else if ((event.key === " " || event.key === "Enter") && !readOnly) {
      event.preventDefault();
      paint(at, !isOpen(at));
    }
  };
  const begin = (cell: Cell) => {
    if (readOnly) return;
    stroke.current = { from: cell, before: latest.current, open: !isOpen(cell) };
    paint(cell, stroke.current.open);
    setAt(cell);
  };
  /** Everything between where the stroke began and here: a quick mouse leaves no gaps. */
  const draw = (cell: Cell) => {
    if (stroke.current === null) return;
    const { from, before, open } = stroke.current;
    take(withBlock(before, from, cell, open));
  };
  const stop = () => {
    stroke.current = null;
  };
  return (
    <div className="cc-week" onPointerUp={stop} onPointerLeave={stop}>
      <div className="cc-week-hours" aria-hidden>
        {Array.from({ length: 9 }, (_, part) => part * 3).map((hour) => (
          <span key={hour} style={{ insetInlineStart: `${(hour / 24) * 100}%` }}>
            {hour}
          </span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a grid of cells with one place for the keyboard, as WAI-ARIA describes it */}
      <div
        ref={grid}
        role="grid"
        tabIndex={-1}
        aria-label={t("hours.week")}
        aria-readonly={readOnly}
        onKeyDown={onKey}
      >
        {DAYS.map((name, day) => (
          // biome-ignore lint/a11y/useSemanticElements: see above
          // biome-ignore lint/a11y/useFocusableInteractive: cells take the focus, rows do not
          <div key={name} role="row" className="cc-week-row">
            <Text size="sm" className="cc-week-day">
              {t(`weekday.${name}`)}
            </Text>
            <div className="cc-week-cells">
              {Array.from({ length: STEPS }, (_, step) => step).map((step) => {
                const share = openShare(week[day] ?? [], step);
                const here = at.day === day && at.step === step;
                return (
                  // biome-ignore lint/a11y/useSemanticElements: see above
                  <div
                    key={step}
                    role="gridcell"
                    tabIndex={here ? 0 : -1}
                    data-cell={`${day}-${step}`}
                    data-open={share >= 1 ? "yes" : share > 0 ? "part" : "no"}
                    aria-selected={share > 0}
                    aria-label={`${t(`weekday.${name}`)} ${clock(step * STEP)} ${t(share > 0 ? "hours.open" : "hours.closed")}`}
                    onPointerDown={(event) => {
                      event.currentTarget.releasePointerCapture?.(event.pointerId);
                      begin({ day, step });
                    }}
                    onPointerEnter={() => draw({ day, step })}
                    onFocus={() => setAt({ day, step })}
                  />
                );
              })}
            </div>
            <DayText
              label={t("hours.timesOf", { day: t(`weekday.${name}`) })}
              spans={week[day] ?? []}
              readOnly={readOnly}
              onChange={(spans) => onChange(week.with(day, spans))}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

/** The block of cells between two, open or closed. */
function withBlock(week: Week, one: Cell, other: Cell, open: boolean): Week {
  const [first, last] = [Math.min(one.day, other.day), Math.max(one.day, other.day)];
  const begin = Math.min(one.step, other.step) * STEP;
  const end = (Math.max(one.step, other.step) + 1) * STEP;
  return week.map((spans, day) =>
    day >= first && day <= last ? painted(spans, begin, end, open) : spans,
  );
}

const MOVES: Record<string, readonly [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  Home: [0, -STEPS],
  End: [0, STEPS],
};

interface DayTextProps {
  label: string;
  spans: readonly Span[];
  readOnly: boolean;
  onChange: (spans: readonly Span[]) => void;
}

/** What is typed counts when it can be read; until then it stays as it is typed. */
export function DayText({ label, spans, readOnly, onChange }: DayTextProps) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<string | null>(null);
  const wrong = typed !== null && spansOf(typed) === null;
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={t("hours.closed")}
      readOnly={readOnly}
      value={typed ?? textOf(spans)}
      error={wrong ? t("hours.timesWrong") : undefined}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        const read = spansOf(currentTarget.value);
        if (read !== null) onChange(read);
      }}
      onBlur={() => {
        if (!wrong) setTyped(null);
      }}
    />
  );
}
