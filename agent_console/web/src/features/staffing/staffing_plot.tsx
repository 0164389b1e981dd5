// Lines over time or over a number of agents. The table beside it says the same to who cannot see it.
import { useMantineColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

const COLORS = ["#1c7ed6", "#f08c00", "#e03131", "#2f9e44"];
const HEIGHT = 220;
/** Seconds between two times that are written below. */
const HOURS = [0.25, 0.5, 1, 2, 3, 6, 12, 24, 48].map((hours) => hours * 3600);

export interface Drawn {
  label: string;
  values: (number | null)[];
}

export function StaffingPlot({
  at,
  over,
  lines,
  text,
  place,
  steps = false,
}: {
  at: number[];
  /** What stands below. */
  over: string;
  lines: Drawn[];
  text: (value: number) => string;
  place: (at: number) => string;
  /** A figure holds until the next one. */
  steps?: boolean;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const { colorScheme } = useMantineColorScheme();
  useEffect(() => {
    const div = holder.current;
    if (div === null) return;
    const ink = colorScheme === "dark" ? "#c9c9c9" : "#495057";
    const axis = { stroke: ink, grid: { stroke: "#8884" } };
    const told = (_: uPlot, value: number | null) => (value === null ? "–" : text(value));
    const stepped = steps ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
    const plot = new uPlot(
      {
        width: div.clientWidth,
        height: HEIGHT,
        scales: {
          x: { time: false },
          y: { range: (_, __, most) => [0, most > 0 ? most * 1.1 : 1] },
        },
        axes: [
          { ...axis, incrs: steps ? HOURS : undefined, values: (_, ticks) => ticks.map(place) },
          { ...axis, size: 60, values: (_, ticks) => ticks.map(text) },
        ],
        series: [
          {
            label: over,
            value: (_, value: number | null) => (value === null ? "–" : place(value)),
          },
          ...lines.map(({ label }, number) => ({
            label,
            stroke: COLORS[number % COLORS.length] ?? "#888",
            width: 2,
            points: { show: !steps },
            value: told,
            ...(stepped === undefined ? {} : { paths: stepped }),
          })),
        ],
      },
      [at, ...lines.map(({ values }) => values)],
      div,
    );
    const watch = new ResizeObserver(() =>
      plot.setSize({ width: div.clientWidth, height: HEIGHT }),
    );
    watch.observe(div);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [at, over, lines, text, place, steps, colorScheme]);
  return <div ref={holder} aria-hidden data-testid="plot" />;
}
