// One queue opened: who waits, in order, and who serves.
import { Badge, Group, ScrollArea, Stack, Table, Text, Title } from "@mantine/core";
import { IconHeadset, IconMoodSmile, IconStarFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { Empty } from "@/components/feedback";
import { AgentMenu } from "@/components/floor/agent_menu";
import { TakeCaller } from "@/components/floor/take_caller";
import { HearMenu } from "@/components/hearing/hear_menu";
import { AGENT_LOOKS, STAGE_COLORS } from "@/components/looks";
import { PhoneText } from "@/components/person";
import { StateChip } from "@/components/state_chip";
import { useConsole } from "@/state/console";
import { waitingIn } from "@/state/live";
import type { AgentRow, CallRow, QueueRow } from "@/wire/messages";
import { ExpectedWait } from "./expected_wait";
import { MoveCaller } from "./move_caller";
import { Priority } from "./priority";
import { WhyWaits } from "./why";

const ORDER = Object.keys(AGENT_LOOKS);

export function QueueDetail({ row }: { row: QueueRow }) {
  const { t } = useTranslation();
  const live = useConsole((state) => state.live);
  const waiting = waitingIn(live, row.queue);
  const agents = Object.values(live.agents)
    .filter((agent) => agent.queues.includes(row.queue))
    .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || a.since - b.since);
  return (
    <Stack>
      <Title order={3} size="h5">
        {t("queue.callers")}
      </Title>
      <ExpectedWait queue={row.queue} />
      {waiting.length === 0 ? (
        <Empty icon={IconMoodSmile} color="green" title={t("queue.noneWait")} />
      ) : (
        <ScrollArea>
          <Callers rows={waiting} limit={row.service_level_seconds} />
        </ScrollArea>
      )}
      <Title order={3} size="h5">
        {t("queue.agents")}
      </Title>
      {agents.length === 0 ? (
        <Empty icon={IconHeadset} title={t("queue.noAgents")} hint={t("queue.noAgentsHint")} />
      ) : (
        <Stack gap={6}>
          {agents.map((agent) => (
            <AgentLine key={agent.agent} row={agent} />
          ))}
        </Stack>
      )}
    </Stack>
  );
}

function AgentLine({ row }: { row: AgentRow }) {
  const call = useConsole((state) => (row.call === null ? undefined : state.live.calls[row.call]));
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text truncate>{row.name}</Text>
      <Group gap="xs" wrap="nowrap">
        <HearMenu row={call} agent={row.name} />
        <StateChip row={row} size="md" />
        <Text size="sm" miw={52} ta="end">
          {row.state === "offline" ? "–" : <Elapsed since={row.since} limit={row.limit_seconds} />}
        </Text>
        <AgentMenu agent={row.agent} name={row.name} />
      </Group>
    </Group>
  );
}

function Callers({ rows, limit }: { rows: CallRow[]; limit: number }) {
  const { t } = useTranslation();
  return (
    <Table verticalSpacing="xs" miw={480}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("queue.position")}</Table.Th>
          <Table.Th>{t("figure.wait")}</Table.Th>
          <Table.Th>{t("calls.caller")}</Table.Th>
          <Table.Th>{t("calls.number")}</Table.Th>
          <Table.Th>{t("queue.stage")}</Table.Th>
          <Table.Th>{t("queue.priority")}</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row, index) => (
          <Table.Tr key={row.call}>
            <Table.Td className="cc-figures">{index + 1}</Table.Td>
            <Table.Td>
              <Elapsed since={row.joined_at ?? row.since} limit={limit} />
            </Table.Td>
            <Table.Td>
              <Caller row={row} />
            </Table.Td>
            <Table.Td>
              <PhoneText number={row.number} />
            </Table.Td>
            <Table.Td>
              <Badge variant="light" color={STAGE_COLORS[row.stage]} className="cc-badge">
                {t(`stage.${row.stage}`)}
              </Badge>
            </Table.Td>
            <Table.Td>
              <Priority row={row} />
            </Table.Td>
            <Table.Td>
              <Group gap={2} wrap="nowrap">
                <TakeCaller row={row} />
                <MoveCaller row={row} />
                <WhyWaits call={row.call} />
              </Group>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Caller({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const [card] = row.cards;
  if (row.cards.length > 1) return <>{t("incoming.several", { count: row.cards.length })}</>;
  if (card === undefined) return <>{row.name || t("incoming.newCaller")}</>;
  return (
    <Group gap={6} wrap="nowrap">
      {card.vip && (
        <IconStarFilled
          size={14}
          color="var(--mantine-color-yellow-6)"
          aria-label={t("customer.vipShort")}
        />
      )}
      <Text size="sm" truncate>
        {card.name}
      </Text>
    </Group>
  );
}
