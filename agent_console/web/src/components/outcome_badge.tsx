// How a contact ended, in a word and a colour.
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";

const OUTCOME_COLORS: Record<string, string> = {
  answered: "green",
  abandoned: "red",
  diverted: "orange",
  refused: "red",
  node_restart: "red",
};

export function OutcomeBadge({ outcome }: { outcome: string }) {
  const { t, i18n } = useTranslation();
  const key = `outcome.${outcome}`;
  return (
    <Badge
      variant="light"
      size="sm"
      className="cc-badge"
      color={OUTCOME_COLORS[outcome] ?? "gray"}
      autoContrast
    >
      {i18n.exists(key) ? t(key as "outcome.answered") : outcome}
    </Badge>
  );
}
