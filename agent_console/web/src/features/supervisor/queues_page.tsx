// B1: all queues live, the one in most trouble first; each opens to its callers and agents. Which one is
// open stands in the address.
import {
  Badge,
  Card,
  Drawer,
  Group,
  Progress,
  SimpleGrid,
  Stack,
  Text,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { IconCalendarClock, IconMoodSmile, IconStack2 } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { memo, useCallback } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { Empty } from "@/components/feedback";
import { NoTeam } from "@/components/floor/no_team";
import { AGENT_LOOKS } from "@/components/looks";
import { useCalm } from "@/state/calm";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { useConsole } from "@/state/console";
import { count, moment, percent } from "@/state/format";
import { byTrouble, type Live, serviceLevel } from "@/state/live";
import type { AgentState, QueueRow } from "@/wire/messages";
import { LastHour } from "./last_hour";
import { QueueDetail } from "./queue_detail";
import "./queues.css";

const queuesOf = (live: Live) => live.queues;

export function QueuesPage() {
  const { t } = useTranslation();
  const queues = useCalm(queuesOf);
  const blind = useConsole((state) => state.live.known && state.live.border === "none");
  const { queue: open } = useSearch({ from: "/inside/live/queues" });
  const navigate = useNavigate();
  const setOpen = useCallback(
    (queue: string | undefined) =>
      void navigate({ to: "/live/queues", search: queue === undefined ? {} : { queue } }),
    [navigate],
  );
  const close = useCallback(() => setOpen(undefined), [setOpen]);
  const rows = byTrouble(Object.values(queues));
  const waiting = rows.reduce((sum, row) => sum + row.waiting, 0);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("page.queues")}
        </Title>
        <Badge
          size="lg"
          className="cc-badge"
          color={waiting === 0 ? "green" : "yellow"}
          leftSection={waiting === 0 ? <IconMoodSmile size={14} /> : undefined}
        >
          {waiting === 0 ? t("queue.noneWait") : t("queue.waitingTotal", { count: waiting })}
        </Badge>
      </Group>
      {blind && <NoTeam />}
      {!blind && rows.length === 0 && (
        <Card withBorder>
          <Empty icon={IconStack2} title={t("queue.none")} hint={t("queue.noneHint")} />
        </Card>
      )}
      <div className="cc-cards">
        {rows.map((row) => (
          <QueueCard key={row.queue} row={row} onOpen={setOpen} />
        ))}
      </div>
      <Opened queue={open} close={close} />
    </Stack>
  );
}

/** Beside the cards and not in them: what changes here draws no card anew, and the other way round. */
const Opened = memo(function Opened({
  queue,
  close,
}: {
  queue: string | undefined;
  close: () => void;
}) {
  const { t } = useTranslation();
  const name = useConsole(({ live }) => live.queues[queue ?? ""]?.name);
  return (
    <Drawer
      opened={name !== undefined}
      onClose={close}
      position="right"
      size="xl"
      title={<Text fw={650}>{name}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {queue !== undefined && name !== undefined && <QueueDetail queue={queue} />}
    </Drawer>
  );
});

const STATES: {
  state: AgentState;
  key: "available" | "offered_agents" | "talking" | "wrap_up" | "paused";
}[] = [
  { state: "available", key: "available" },
  { state: "offered", key: "offered_agents" },
  { state: "talking", key: "talking" },
  { state: "wrap-up", key: "wrap_up" },
  { state: "paused", key: "paused" },
];

const QueueCard = memo(function QueueCard({
  row,
  onOpen,
}: {
  row: QueueRow;
  onOpen: (queue: string) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <UnstyledButton onClick={() => onOpen(row.queue)}>
      <Card withBorder className="cc-clickable" h="100%">
        <Stack gap="sm">
          <Text fw={650} truncate>
            {row.name}
          </Text>
          <Group justify="space-between" align="flex-end">
            <div>
              <Text
                fz={38}
                lh={1}
                fw={700}
                className="cc-figures"
                {...(row.waiting === 0 ? { c: "dimmed" } : {})}
              >
                {count(row.waiting, language)}
              </Text>
              <Text size="xs" c="dimmed">
                {t("queue.waiting")}
              </Text>
            </div>
            <div style={{ textAlign: "end" }}>
              <Text size="xl" fw={600}>
                {row.oldest_joined_at === null ? (
                  <Text span inherit c="dimmed">
                    –
                  </Text>
                ) : (
                  <Elapsed since={row.oldest_joined_at} limit={row.service_level_seconds} />
                )}
              </Text>
              <Text size="xs" c="dimmed">
                {t("queue.longest")}
              </Text>
            </div>
          </Group>
          <Scheduled row={row} />
          <LastHour queue={row.queue} />
          <ServiceLevel row={row} />
          <AgentCounts row={row} />
          <SimpleGrid cols={3} spacing="xs">
            <Small label={t("queue.offered")} value={count(row.offered, language)} />
            <Small label={t("queue.answered")} value={count(row.answered, language)} />
            <Small label={t("queue.abandoned")} value={count(row.abandoned, language)} />
          </SimpleGrid>
        </Stack>
      </Card>
    </UnstyledButton>
  );
});

/** Callbacks agreed for later: in none of the other figures until their time has come. */
function Scheduled({ row }: { row: QueueRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (row.next_scheduled_at === null) return null;
  const at = moment(row.next_scheduled_at, serverNow(), language);
  return (
    <Group gap={6} wrap="nowrap" data-testid="scheduled">
      <IconCalendarClock size={16} aria-hidden style={{ flexShrink: 0 }} />
      <Text size="sm">{t("queue.scheduled", { count: row.scheduled, at })}</Text>
    </Group>
  );
}

function ServiceLevel({ row }: { row: QueueRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const level = serviceLevel(row);
  const color =
    level === null
      ? "gray"
      : level >= row.service_level_percent
        ? "green"
        : level >= row.service_level_percent - 10
          ? "yellow"
          : "red";
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t("queue.serviceLevel")}</Text>
        <Text size="sm" fw={600} className="cc-figures">
          {percent(level, language)}{" "}
          <Text span size="xs" c="dimmed">
            {t("queue.target", {
              percent: Math.round(row.service_level_percent),
              seconds: Math.round(row.service_level_seconds),
            })}
          </Text>
        </Text>
      </Group>
      <Progress
        value={level ?? 0}
        color={color}
        size="sm"
        mt={4}
        aria-label={t("queue.serviceLevel")}
      />
    </div>
  );
}

function AgentCounts({ row }: { row: QueueRow }) {
  const { t } = useTranslation();
  return (
    <Group gap={6}>
      {STATES.map(({ state, key }) => {
        const { color, icon: Icon } = AGENT_LOOKS[state];
        return (
          <Badge
            key={state}
            variant={row[key] === 0 ? "transparent" : "light"}
            color={color}
            className="cc-badge cc-figures"
            leftSection={<Icon size={12} aria-hidden />}
            title={t(`state.${state}`)}
            aria-label={`${t(`state.${state}`)}: ${row[key]}`}
          >
            {row[key]}
          </Badge>
        );
      })}
    </Group>
  );
}

function Small({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <Text fw={600} className="cc-figures">
        {value}
      </Text>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
    </div>
  );
}
