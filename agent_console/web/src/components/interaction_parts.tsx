// Who had the call and how long each did what; how each leg sounded. For the detail of an interaction.
import { Badge, ScrollArea, Table, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useAgentName } from "@/state/choices";
import { duration } from "@/state/format";
import type { InteractionLeg, InteractionPart } from "@/wire/interactions";

export function InteractionParts({ parts }: { parts: InteractionPart[] }) {
  const { t } = useTranslation();
  const agentName = useAgentName();
  if (parts.length === 0) return null;
  const spent = [
    ["figure.talk", "talk_seconds"],
    ["figure.hold", "hold_seconds"],
    ["figure.consult", "consult_seconds"],
    ["figure.conference", "conference_seconds"],
    ["figure.parked", "park_seconds"],
    ["figure.wrapUp", "wrap_up_seconds"],
  ] as const;
  const used = spent.filter(([, name]) => parts.some((part) => part[name] > 0));
  return (
    <ScrollArea type="auto">
      <Table data-testid="parts" verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("parts.agent")}</Table.Th>
            {used.map(([key]) => (
              <Table.Th key={key}>{t(key)}</Table.Th>
            ))}
            <Table.Th>{t("parts.ended")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {parts.map((part) => (
            <Table.Tr key={part.part}>
              <Table.Td>{agentName(part.agent)}</Table.Td>
              {used.map(([key, name]) => (
                <Table.Td key={key} className="cc-figures">
                  {duration(part[name])}
                </Table.Td>
              ))}
              <Table.Td>{t(`partEnded.${part.ended as "ended"}`)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}

const color = (mos: number) => (mos < 3.1 ? "red" : mos < 3.8 ? "yellow" : "green");

export function LegQualities({ legs }: { legs: InteractionLeg[] }) {
  const { t } = useTranslation();
  const agentName = useAgentName();
  if (legs.length === 0) return null;
  return (
    <div>
      <Title order={5}>{t("legs.title")}</Title>
      <Text size="xs" c="dimmed">
        {t("legs.hint")}
      </Text>
      <ScrollArea type="auto">
        <Table data-testid="quality" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("parts.agent")}</Table.Th>
              <Table.Th>{t("legs.mos")}</Table.Th>
              <Table.Th>{t("legs.loss")}</Table.Th>
              <Table.Th>{t("legs.jitter")}</Table.Th>
              <Table.Th>{t("legs.trip")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {legs.map((leg) => (
              <Table.Tr key={`${leg.agent} ${leg.leg}`}>
                <Table.Td>{agentName(leg.agent)}</Table.Td>
                <Table.Td>
                  <Badge color={color(leg.mos)} className="cc-badge">
                    {leg.mos.toFixed(1)}
                  </Badge>{" "}
                  <Text span size="xs" c="dimmed" className="cc-figures">
                    ≥ {leg.mos_min.toFixed(1)}
                  </Text>
                </Table.Td>
                <Table.Td className="cc-figures">{lossOf(leg).toFixed(1)} %</Table.Td>
                <Table.Td className="cc-figures">
                  {t("legs.milliseconds", {
                    mean: Math.round(leg.jitter_ms),
                    most: Math.round(leg.jitter_max_ms),
                  })}
                </Table.Td>
                <Table.Td className="cc-figures">
                  {t("legs.milliseconds", {
                    mean: Math.round(leg.round_trip_ms),
                    most: Math.round(leg.round_trip_max_ms),
                  })}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </div>
  );
}

function lossOf(leg: InteractionLeg): number {
  const expected = leg.packets_received + leg.packets_lost;
  return expected === 0 ? 0 : (100 * leg.packets_lost) / expected;
}
