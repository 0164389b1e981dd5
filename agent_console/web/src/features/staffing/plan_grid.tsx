// The table of a week. Each day is a button with what is planned on it.
import { Anchor, Card, ScrollArea, Stack, Table, Text, UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { count } from "@/state/format";
import type { ShiftDay, Shifts } from "@/wire/shifts";
import type { Chosen } from "./plan_day";
import { dayText, hoursText, shiftText } from "./plan_values";
import "./plan.css";

const AT_ONCE = 100;

export function PlanGrid({
  agents,
  days,
  plan,
  onChoose,
}: {
  agents: Shifts["agents"];
  days: string[];
  plan: Shifts;
  onChoose: (chosen: Chosen) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [most, setMost] = useState(AT_ONCE);
  const found = useMemo(
    () => new Map(plan.days.map((one) => [`${one.agent} ${one.day}`, one])),
    [plan],
  );
  const at = (agent: string, day: string) => found.get(`${agent} ${day}`);
  const working = (day: string) =>
    agents.filter(({ id }) => (at(id, day)?.shifts.length ?? 0) > 0).length;
  return (
    <Card withBorder padding={0} data-testid="plan">
      <ScrollArea viewportProps={{ tabIndex: 0 }}>
        <Table verticalSpacing={4} horizontalSpacing={4} miw={980} fz="sm" className="cc-plan">
          <Table.Thead>
            <Table.Tr>
              <Table.Th miw={140}>{t("plan.agent")}</Table.Th>
              {days.map((day) => (
                <Table.Th key={day}>{dayText(day, language)}</Table.Th>
              ))}
              <Table.Th ta="end">{t("plan.hours")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {agents.slice(0, most).map((agent) => (
              <Table.Tr key={agent.id} data-agent={agent.id}>
                <Table.Th scope="row" fw={500}>
                  <Text size="sm" truncate maw={180} title={agent.name}>
                    {agent.name}
                  </Text>
                </Table.Th>
                {days.map((day) => (
                  <Table.Td key={day} data-day={day}>
                    <Cell
                      name={agent.name}
                      day={day}
                      planned={at(agent.id, day)}
                      onChoose={() => onChoose({ agent, day })}
                    />
                  </Table.Td>
                ))}
                <Table.Td ta="end" className="cc-figures">
                  {hoursText(days.reduce((sum, day) => sum + (at(agent.id, day)?.minutes ?? 0), 0))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
          <Table.Tfoot>
            <Table.Tr>
              <Table.Th>{t("plan.working")}</Table.Th>
              {days.map((day) => (
                <Table.Th key={day} className="cc-figures" data-working={day}>
                  {count(working(day), language)}
                </Table.Th>
              ))}
              <Table.Th />
            </Table.Tr>
          </Table.Tfoot>
        </Table>
      </ScrollArea>
      {agents.length > most && (
        <Anchor component="button" p="sm" onClick={() => setMost(most + AT_ONCE)}>
          {t("plan.more", { count: agents.length - most })}
        </Anchor>
      )}
    </Card>
  );
}

function Cell({
  name,
  day,
  planned,
  onChoose,
}: {
  name: string;
  day: string;
  planned: ShiftDay | undefined;
  onChoose: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const shifts = planned?.shifts ?? [];
  const told = shifts.length === 0 ? t("plan.off") : shifts.map(shiftText).join(", ");
  return (
    <UnstyledButton
      className="cc-plan-cell"
      data-planned={shifts.length > 0}
      aria-label={t("plan.cell", { name, day: dayText(day, language), told })}
      onClick={onChoose}
    >
      {shifts.length === 0 ? (
        <span aria-hidden>{"·"}</span>
      ) : (
        <Stack gap={0}>
          {shifts.map((shift) => (
            <span key={shift.begins} className="cc-figures">
              {shiftText(shift)}
              {shift.breaks.length > 0 && (
                <small>{` ${t("plan.breaksShort", { count: shift.breaks.length })}`}</small>
              )}
            </span>
          ))}
        </Stack>
      )}
    </UnstyledButton>
  );
}
