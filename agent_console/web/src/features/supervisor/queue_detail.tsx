// One queue opened: who waits, in order, and who serves. It is open for hours while callers come and go and
// agents change state in each moment, so nothing here asks for more of the live picture than it shows.
import { Group, Stack, Text, Title } from "@mantine/core";
import { IconHeadset } from "@tabler/icons-react";
import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { Empty } from "@/components/feedback";
import { AgentMenu } from "@/components/floor/agent_menu";
import { HearMenu } from "@/components/hearing/hear_menu";
import { StateChip } from "@/components/state_chip";
import { useCalm } from "@/state/calm";
import { useConsole } from "@/state/console";
import { type Live, servingIn } from "@/state/live";
import { ExpectedWait } from "./expected_wait";
import { WaitingCallers } from "./waiting_callers";

const agentsOf = (live: Live) => live.agents;

export const QueueDetail = memo(function QueueDetail({ queue }: { queue: string }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Title order={3} size="h5">
        {t("queue.callers")}
      </Title>
      <ExpectedWait queue={queue} />
      <WaitingCallers queue={queue} />
      <Title order={3} size="h5">
        {t("queue.agents")}
      </Title>
      <Serving queue={queue} />
    </Stack>
  );
});

/** What a line shows is there at once; the order follows four times a second. */
function Serving({ queue }: { queue: string }) {
  const { t } = useTranslation();
  const agents = useCalm(agentsOf);
  const serving = useMemo(() => servingIn(agents, queue), [agents, queue]);
  if (serving.length === 0)
    return <Empty icon={IconHeadset} title={t("queue.noAgents")} hint={t("queue.noAgentsHint")} />;
  return (
    <Stack gap={6}>
      {serving.map((agent) => (
        <AgentLine key={agent} agent={agent} />
      ))}
    </Stack>
  );
}

const AgentLine = memo(function AgentLine({ agent }: { agent: string }) {
  const row = useConsole((state) => state.live.agents[agent]);
  const call = useConsole(({ live }) => live.calls[live.agents[agent]?.call ?? ""]);
  if (row === undefined) return null;
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text truncate>{row.name}</Text>
      <Group gap="xs" wrap="nowrap">
        <HearMenu row={call} agent={row.name} />
        <StateChip row={row} size="md" />
        <Text size="sm" miw={52} ta="end">
          {row.state === "offline" ? "–" : <Elapsed since={row.since} limit={row.limit_seconds} />}
        </Text>
        <AgentMenu agent={agent} name={row.name} />
      </Group>
    </Group>
  );
});
