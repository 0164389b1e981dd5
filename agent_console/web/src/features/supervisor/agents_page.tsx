// B3: all agents with state and time in it; those over a limit first. Filters stay while one is here.
import { Card, Chip, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconSearch, IconUsers } from "@tabler/icons-react";
import { memo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/feedback";
import { NoTeam } from "@/components/floor/no_team";
import { AGENT_LOOKS } from "@/components/looks";
import { type AgentFilter, NO_FILTER, stateCounts, teamsOf } from "@/state/agents";
import { useAgentOrder } from "@/state/agents_order";
import { useLanguage, useQueueNames } from "@/state/choices";
import { useConsole } from "@/state/console";
import { count } from "@/state/format";
import { type Live, STATES } from "@/state/live";
import { steady } from "@/state/steady";
import type { AgentState } from "@/wire/messages";
import { AgentPlace } from "./agent_card";
import "./agents.css";

const SHOWN_MAX = 300;
const counted = steady<Live["agents"], ReturnType<typeof stateCounts>>(stateCounts);
const teams = steady<Live["agents"], string[]>(teamsOf);

export function AgentsPage() {
  const { t } = useTranslation();
  const blind = useConsole((state) => state.live.known && state.live.border === "none");
  const none = useConsole((state) => Object.keys(state.live.agents).length === 0);
  const [filter, setFilter] = useState<AgentFilter>(NO_FILTER);
  const wall = useRef<HTMLDivElement>(null);
  const found = useAgentOrder(filter, wall);
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
      <Filters filter={filter} onChange={setFilter} />
      {blind && <NoTeam />}
      {!blind && none && (
        <Card withBorder>
          <Empty icon={IconUsers} title={t("agents.none")} hint={t("agents.noneHint")} />
        </Card>
      )}
      {!none && found.length === 0 && (
        <Card withBorder>
          <Empty icon={IconSearch} title={t("agents.noneFound")} hint={t("agents.noneFoundHint")} />
        </Card>
      )}
      <div className="cc-cards-small" ref={wall}>
        <Places found={found} />
      </div>
      {found.length > SHOWN_MAX && (
        <Text ta="center" c="dimmed">
          {t("agents.more", { count: found.length - SHOWN_MAX })}
        </Text>
      )}
    </Stack>
  );
}

const Places = memo(function Places({ found }: { found: readonly string[] }) {
  return found.slice(0, SHOWN_MAX).map((agent) => <AgentPlace key={agent} agent={agent} />);
});

function Filters({
  filter,
  onChange,
}: {
  filter: AgentFilter;
  onChange: (filter: AgentFilter) => void;
}) {
  const { t } = useTranslation();
  const queues = useQueueNames();
  const known = useConsole((state) => teams(state.live.agents));
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
          data={Object.entries(queues).map(([value, label]) => ({ value, label }))}
          value={filter.queue}
          onChange={(queue) => onChange({ ...filter, queue })}
        />
        {known.length > 0 && (
          <Select
            placeholder={t("agents.anyTeam")}
            aria-label={t("agents.anyTeam")}
            clearable
            data={known}
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
              {t(`state.${state}`)} <StateCount state={state} />
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Stack>
  );
}

/** The one figure is drawn anew, not the chips. */
function StateCount({ state }: { state: AgentState }) {
  const language = useLanguage();
  const agents = useConsole(({ live }) => counted(live.agents)[state] ?? 0);
  return <span className="cc-figures">{count(agents, language)}</span>;
}
