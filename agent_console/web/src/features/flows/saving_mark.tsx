// Whether what is drawn is on the server; in words, and read aloud when it changes for the worse.
import { Badge } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Saving, useEditor } from "./model/editor";

const COLORS: Record<Saving, string> = {
  saved: "green",
  changed: "gray",
  saving: "gray",
  offline: "orange",
  conflict: "red",
  refused: "red",
};

export function SavingMark() {
  const { t } = useTranslation();
  const saving = useEditor((state) => state.saving);
  const bad = saving === "offline" || saving === "conflict" || saving === "refused";
  return (
    <Badge
      variant="light"
      color={COLORS[saving]}
      className="cc-badge"
      data-testid="saving"
      data-state={saving}
      role={bad ? "alert" : undefined}
      style={{ flexShrink: 0 }}
    >
      {t(`flowSaving.${saving}`)}
    </Badge>
  );
}
