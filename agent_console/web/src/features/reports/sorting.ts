// By which figure a table of a report is sorted; it stands in the page's address. Pure.
import type { ReportTable } from "@/wire/reports";

export interface Sort {
  table: string;
  figure: string;
  up: boolean;
}

export const sortText = ({ table, figure, up }: Sort): string =>
  `${table}.${figure}.${up ? "up" : "down"}`;

/** Of this table, where the address speaks of it. */
export function sortIn(
  text: string | undefined,
  table: ReportTable,
): { column: number; up: boolean } | null {
  const [name, figure = "", way] = (text ?? "").split(".");
  const column = name === table.name ? table.figures.indexOf(figure) : -1;
  return column < 0 ? null : { column, up: way === "up" };
}
