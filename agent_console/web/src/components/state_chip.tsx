// An agent's state as icon and word, in the one colour of that state.
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePauseName } from "@/state/choices";
import type { AgentRow } from "@/wire/messages";
import { AGENT_LOOKS } from "./looks";

export function StateChip({ row, size = "lg" }: { row: AgentRow; size?: "sm" | "md" | "lg" }) {
  const { t } = useTranslation();
  const pauseName = usePauseName();
  const { color, icon: Icon } = AGENT_LOOKS[row.state];
  const word =
    row.state === "paused" && row.reason !== "" ? pauseName(row.reason) : t(`state.${row.state}`);
  return (
    <Badge
      color={color}
      variant={row.state === "offline" ? "outline" : "light"}
      size={size}
      leftSection={<Icon size={14} aria-hidden />}
      {...(row.state === "offline" ? { bd: "1px solid var(--cc-quiet-line)" } : {})}
      className={row.state === "offered" ? "cc-badge cc-pulse" : "cc-badge"}
    >
      {word}
    </Badge>
  );
}
