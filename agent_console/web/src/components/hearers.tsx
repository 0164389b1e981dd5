// Supervisors at a call, as those see them who are told.
import { Badge } from "@mantine/core";
import { IconEar } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { CallRow } from "@/wire/messages";

export function Hearers({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  return row.hearers
    .filter(({ there }) => there)
    .map(({ by, name, mode, taken }) => (
      <Badge
        key={by}
        color={mode === "listen" && !taken ? "gray" : "grape"}
        variant="light"
        className="cc-badge"
        leftSection={<IconEar size={14} aria-hidden />}
        data-testid="hearer"
      >
        {t(taken ? "hearers.taken" : `hearers.${mode}`, { name })}
      </Badge>
    ));
}
