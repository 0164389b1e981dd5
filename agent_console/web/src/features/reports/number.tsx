// A number of a report: a link where something can be listed behind it, plain where not.
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent, ReactNode } from "react";
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
  const marks = { "data-figure": figure.name, "data-value": value ?? "" };
  if (lead === null) return <span {...marks}>{children}</span>;
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
      {children}
    </Link>
  );
}
