// B3: all agents with state and time in it; those over a limit first. Filters stay while one is here.
import { Card, Chip, Group, Select, Stack, Text, TextInput, Title, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconSearch, IconUsers } from "@tabler/icons-react";
import { memo, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { Empty } from "@/components/feedback";
import { AgentMenu } from "@/components/floor/agent_menu";
import { NoTeam } from "@/components/floor/no_team";
import { Hearers } from "@/components/hearers";
import { HearMenu } from "@/components/hearing/hear_menu";
import { InView } from "@/components/in_view";
import { AGENT_LOOKS, stateLine } from "@/components/looks";
import { PersonAvatar, useCallerName } from "@/components/person";
import { StateChip } from "@/components/state_chip";
import { type AgentFilter, filterAgents, NO_FILTER, stateCounts } from "@/state/agents";
import { useCalm } from "@/state/calm";
import { useLanguage, useQueueName } from "@/state/choices";
import { useServerSecond } from "@/state/clock";
import { useConsole } from "@/state/console";
import { count, duration } from "@/state/format";
import type { AgentRow, AgentState } from "@/wire/messages";
import { WhyIdle } from "./why_agent";

const SHOWN_MAX = 300;
const CARD_HEIGHT = 132;
const STATES = Object.keys(AGENT_LOOKS) as AgentState[];

export function AgentsPage() {
  const agents = useCalm(useConsole((state) => state.live.agents));
  return <Wall agents={agents} />;
}

const Wall = memo(function Wall({ agents }: { agents: Readonly<Record<string, AgentRow>> }) {
  const { t } = useTranslation();
  const blind = useConsole((state) => state.live.known && state.live.border === "none");
  const [filter, setFilter] = useState<AgentFilter>(NO_FILTER);
  const second = useServerSecond();
  const all = useMemo(() => Object.values(agents), [agents]);
  const found = useMemo(() => filterAgents(all, filter, second), [all, filter, second]);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("page.agents")}
        </Title>
        <Text c="dimmed" size="sm">
          {t("agents.count", { count: found.length })}
        </Text>
      </Group>
      <Filters all={all} filter={filter} onChange={setFilter} />
      {blind && <NoTeam />}
      {!blind && all.length === 0 && (
        <Card withBorder>
          <Empty icon={IconUsers} title={t("agents.none")} hint={t("agents.noneHint")} />
        </Card>
      )}
      {all.length > 0 && found.length === 0 && (
        <Card withBorder>
          <Empty icon={IconSearch} title={t("agents.noneFound")} hint={t("agents.noneFoundHint")} />
        </Card>
      )}
      <div className="cc-cards-small">
        {found.slice(0, SHOWN_MAX).map((row) => (
          <InView key={row.agent} height={CARD_HEIGHT} meanwhile={row.name}>
            <AgentCard row={row} />
          </InView>
        ))}
      </div>
      {found.length > SHOWN_MAX && (
        <Text ta="center" c="dimmed">
          {t("agents.more", { count: found.length - SHOWN_MAX })}
        </Text>
      )}
    </Stack>
  );
});

function Filters({
  all,
  filter,
  onChange,
}: {
  all: AgentRow[];
  filter: AgentFilter;
  onChange: (filter: AgentFilter) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queues = useConsole((state) => state.live.queues);
  const counts = stateCounts(all);
  const teams = [...new Set(all.map((row) => row.team))].filter(Boolean).sort();
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <TextInput
          leftSection={<IconSearch size={16} />}
          placeholder={t("agents.search")}
          aria-label={t("agents.search")}
          value={filter.text}
          onChange={(event) => onChange({ ...filter, text: event.currentTarget.value })}
        />
        <Select
          placeholder={t("agents.anyQueue")}
          aria-label={t("agents.anyQueue")}
          clearable
          data={Object.values(queues).map(({ queue, name }) => ({ value: queue, label: name }))}
          value={filter.queue}
          onChange={(queue) => onChange({ ...filter, queue })}
        />
        {teams.length > 0 && (
          <Select
            placeholder={t("agents.anyTeam")}
            aria-label={t("agents.anyTeam")}
            clearable
            data={teams}
            value={filter.team}
            onChange={(team) => onChange({ ...filter, team })}
          />
        )}
      </Group>
      <Chip.Group
        multiple
        value={filter.states}
        onChange={(states) => onChange({ ...filter, states: states as AgentState[] })}
      >
        <Group gap={6}>
          {STATES.map((state) => (
            <Chip
              key={state}
              value={state}
              size="xs"
              color={AGENT_LOOKS[state].color}
              variant="light"
            >
              {t(`state.${state}`)} {count(counts[state] ?? 0, language)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Stack>
  );
}

/** Only who has changed is drawn anew: hundreds of cards, and some change each moment. */
const AgentCard = memo(function AgentCard({ row }: { row: AgentRow }) {
  const { t } = useTranslation();
  const call = useConsole((state) => (row.call === null ? undefined : state.live.calls[row.call]));
  const callerName = useCallerName();
  const queueName = useQueueName();
  const trouble = row.state !== "offline" && (!row.device_ready || !row.console);
  const average =
    row.handled === 0 ? "–" : duration((row.talk_seconds + row.wrap_up_seconds) / row.handled);
  return (
    <Card withBorder padding="sm" style={{ borderTop: `3px solid ${stateLine(row.state)}` }}>
      <Stack gap={8}>
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <PersonAvatar name={row.name} size={32} />
            <div style={{ minWidth: 0 }}>
              <Text fw={600} truncate>
                {row.name}
              </Text>
              {row.team && (
                <Text size="xs" c="dimmed" truncate>
                  {row.team}
                </Text>
              )}
            </div>
          </Group>
          <Group gap={4} wrap="nowrap">
            {trouble && (
              <Tooltip label={t(row.device_ready ? "agents.noConsole" : "agents.noPhone")}>
                <IconAlertTriangle
                  size={18}
                  color="var(--mantine-color-red-6)"
                  aria-label={t(row.device_ready ? "agents.noConsole" : "agents.noPhone")}
                />
              </Tooltip>
            )}
            <AgentMenu row={row} />
          </Group>
        </Group>
        <Group justify="space-between" wrap="nowrap">
          <Group gap={4} wrap="nowrap">
            <StateChip row={row} size="md" />
            {row.state === "available" && <WhyIdle agent={row.agent} />}
            <HearMenu row={call} agent={row.name} />
          </Group>
          <Text fw={600}>
            {row.state === "offline" ? (
              "–"
            ) : (
              <Elapsed since={row.since} limit={row.limit_seconds} />
            )}
          </Text>
        </Group>
        <Text size="sm" truncate mih={21} c={call ? "" : "dimmed"}>
          {call
            ? `${callerName(call.cards[0]?.name ?? call.name, call.number)} · ${call.queue_name}`
            : row.queues.map(queueName).join(", ")}
        </Text>
        {call !== undefined && <Hearers row={call} />}
        <Text size="xs" c="dimmed" className="cc-figures">
          {t("agents.today", { count: row.handled, average, missed: row.missed })}
        </Text>
      </Stack>
    </Card>
  );
});
