// One agent on the supervisor's wall. Hundreds of these stand there and some change in each moment, so each
// part asks the live picture for just what it shows, and is plain HTML where Mantine would add nothing.
import { Tooltip } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { AgentMenu } from "@/components/floor/agent_menu";
import { Hearers } from "@/components/hearers";
import { HearMenu } from "@/components/hearing/hear_menu";
import { InView } from "@/components/in_view";
import { stateLine } from "@/components/looks";
import { PersonAvatar, useCallerName } from "@/components/person";
import { StateChip } from "@/components/state_chip";
import { useQueueName } from "@/state/choices";
import { useConsole } from "@/state/console";
import { duration } from "@/state/format";
import type { AgentRow } from "@/wire/messages";
import { WhyIdle } from "./why_agent";

const CARD_HEIGHT = 132;

const useAgent = (agent: string): AgentRow | undefined =>
  useConsole((state) => state.live.agents[agent]);

/** The place of a card, with the name alone while it is out of sight. */
export const AgentPlace = memo(function AgentPlace({ agent }: { agent: string }) {
  const name = useConsole((state) => state.live.agents[agent]?.name ?? "");
  return (
    <InView height={CARD_HEIGHT} meanwhile={name}>
      <AgentCard agent={agent} name={name} />
    </InView>
  );
});

const AgentCard = memo(function AgentCard({ agent, name }: { agent: string; name: string }) {
  return (
    <StateFrame agent={agent}>
      <div className="cc-agent-line">
        <PersonAvatar name={name} size={32} />
        <div className="cc-agent-name">
          <b>{name}</b>
          <Team agent={agent} />
        </div>
        <Trouble agent={agent} />
        <AgentMenu agent={agent} name={name} />
      </div>
      <State agent={agent} name={name} />
      <Work agent={agent} />
      <Today agent={agent} />
    </StateFrame>
  );
});

function StateFrame({ agent, children }: { agent: string; children: React.ReactNode }) {
  const state = useConsole(({ live }) => live.agents[agent]?.state ?? "offline");
  return (
    <div className="cc-agent" style={{ borderTopColor: stateLine(state) }}>
      {children}
    </div>
  );
}

function Team({ agent }: { agent: string }) {
  const team = useConsole((state) => state.live.agents[agent]?.team ?? "");
  return team === "" ? null : <small>{team}</small>;
}

function Trouble({ agent }: { agent: string }) {
  const { t } = useTranslation();
  const missing = useConsole(({ live }) => {
    const row = live.agents[agent];
    if (row === undefined || row.state === "offline") return null;
    return !row.device_ready ? "agents.noPhone" : !row.console ? "agents.noConsole" : null;
  });
  if (missing === null) return null;
  return (
    <Tooltip label={t(missing)}>
      <IconAlertTriangle size={18} color="var(--mantine-color-red-6)" aria-label={t(missing)} />
    </Tooltip>
  );
}

function State({ agent, name }: { agent: string; name: string }) {
  const row = useAgent(agent);
  if (row === undefined) return null;
  return (
    <div className="cc-agent-line">
      <StateChip row={row} size="md" />
      {row.state === "available" && <WhyIdle agent={agent} />}
      {row.call !== null && <Hear call={row.call} name={name} />}
      <b className="cc-agent-time">
        {row.state === "offline" ? "–" : <Elapsed since={row.since} limit={row.limit_seconds} />}
      </b>
    </div>
  );
}

function Hear({ call, name }: { call: string; name: string }) {
  const row = useConsole((state) => state.live.calls[call]);
  return row === undefined ? null : <HearMenu row={row} agent={name} />;
}

/** Whom the agent talks with, or what he serves. */
function Work({ agent }: { agent: string }) {
  const callerName = useCallerName();
  const queueName = useQueueName();
  const call = useConsole(({ live }) => live.calls[live.agents[agent]?.call ?? ""]);
  const queues = useConsole((state) => state.live.agents[agent]?.queues);
  if (call === undefined)
    return <div className="cc-agent-work cc-dimmed">{queues?.map(queueName).join(", ")}</div>;
  const caller = callerName(call.cards[0]?.name ?? call.name, call.number);
  return (
    <>
      <div className="cc-agent-work">{[caller, call.queue_name].filter(Boolean).join(" · ")}</div>
      <Hearers row={call} />
    </>
  );
}

function Today({ agent }: { agent: string }) {
  const { t } = useTranslation();
  const handled = useConsole((state) => state.live.agents[agent]?.handled ?? 0);
  const missed = useConsole((state) => state.live.agents[agent]?.missed ?? 0);
  const busy = useConsole(({ live }) => {
    const row = live.agents[agent];
    return row === undefined ? 0 : row.talk_seconds + row.wrap_up_seconds;
  });
  const average = handled === 0 ? "–" : duration(busy / handled);
  return (
    <small className="cc-figures cc-dimmed">
      {t("agents.today", { count: handled, average, missed })}
    </small>
  );
}
