// A number of a report: a link where something can be listed behind it, plain where not; marked where nothing
// is left of what it is a share of.
import { IconAlertTriangle } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Figure } from "@/wire/reports";
import type { Lead } from "./behind";

export function FigureNumber({
  figure,
  value,
  lead,
  label,
  className = "cc-number",
  tabIndex,
  onKeyDown,
  children,
}: {
  figure: Figure;
  value: number | null;
  lead: Lead | null;
  /** Where what stands around the number says what it is to the eye alone. */
  label?: string;
  className?: string;
  tabIndex?: number;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const marks = { "data-figure": figure.name, "data-value": value ?? "" };
  const full = figure.full !== null && value !== null && value >= figure.full;
  const shown = full ? (
    <span className="cc-full">
      <IconAlertTriangle size="1em" role="img" aria-label={t("report.full")} /> {children}
    </span>
  ) : (
    children
  );
  if (lead === null) return <span {...marks}>{shown}</span>;
  return (
    <Link
      to={lead.to}
      search={lead.search}
      preload={false}
      className={className}
      aria-label={label}
      tabIndex={tabIndex}
      onKeyDown={onKeyDown}
      {...marks}
    >
      {shown}
    </Link>
  );
}
