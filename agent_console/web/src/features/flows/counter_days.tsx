// Calls of a flow day by day, how many were served without an agent, and the milestones they reached.
import { ScrollArea, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { count, percent } from "@/state/format";
import type { CountersRead } from "@/wire/flows";

export function CounterDays({ read }: { read: CountersRead }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const milestones = Object.entries(read.milestones);
  if (read.days.length === 0) return null;
  return (
    <ScrollArea.Autosize mah={260}>
      <Table fz="xs" verticalSpacing={2} className="cc-figures" data-testid="counter-days">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("flow.countersDay")}</Table.Th>
            <Table.Th ta="end">{t("flow.countersCalls")}</Table.Th>
            <Table.Th ta="end">{t("flow.countersContained")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {read.days.toReversed().map(({ day, calls, containment }) => (
            <Table.Tr key={day}>
              <Table.Td>{day}</Table.Td>
              <Table.Td ta="end">{count(calls, language)}</Table.Td>
              <Table.Td ta="end">
                {percent(containment === null ? null : containment * 100, language)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {milestones.map(([name, calls]) => (
        <Text key={name} size="xs" mt={4}>
          {t("flow.countersMilestone", { name, calls: count(calls, language) })}
        </Text>
      ))}
    </ScrollArea.Autosize>
  );
}
