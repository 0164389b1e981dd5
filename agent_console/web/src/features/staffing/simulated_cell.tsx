// The agents of an interval by simulation, in the table of the formula's: how many, and what was seen with them.
import { Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { count, percent } from "@/state/format";
import type { SimulatedRow } from "@/wire/staffing";

export function SimulatedCell({ row }: { row: SimulatedRow | undefined }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (row === undefined) return <Table.Td ta="end">–</Table.Td>;
  if (row.agents === null) {
    return (
      <Table.Td ta="end" maw={160}>
        {t(row.why === "time" ? "staff.noTime" : "staff.unreachable")}
      </Table.Td>
    );
  }
  const { mean, half } = row.service_level;
  return (
    <Table.Td ta="end" data-testid="simulated-agents" style={{ whiteSpace: "nowrap" }}>
      <Text span inherit fw={650}>
        {count(row.agents, language)}
      </Text>
      {mean !== null && (
        <Text span size="xs" c="dimmed">
          {" "}
          ({percent(mean * 100, language)}
          {half !== null && ` ± ${percent(half * 100, language)}`})
        </Text>
      )}
    </Table.Td>
  );
}
