// A2: between calls. The own state large, the day's own figures, the queues served, the last calls.
import {
  Button,
  Card,
  Group,
  Paper,
  SimpleGrid,
  Stack,
  Text,
  ThemeIcon,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { IconMoodSmile, IconPhoneIncoming, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { memo, useState } from "react";
import { useTranslation } from "react-i18next";
import { DialButton } from "@/components/dial_button";
import { Elapsed } from "@/components/elapsed";
import { Empty, Failure, Rows } from "@/components/feedback";
import { InteractionDrawer } from "@/components/interaction_drawer";
import { Late, late } from "@/components/late";
import { AGENT_LOOKS } from "@/components/looks";
import { dialBox } from "@/components/outbound/late_parts";
import { OutcomeBadge } from "@/components/outcome_badge";
import { useCallerName } from "@/components/person";
import { useCommand } from "@/components/use_command";
import {
  useDispositionName,
  useLanguage,
  usePauseName,
  useQueueName,
  useQueueNames,
} from "@/state/choices";
import { serverNow } from "@/state/clock";
import { command, useConsole, useLinked } from "@/state/console";
import { count, duration, moment } from "@/state/format";
import { needTexts } from "@/state/i18n";
import { type Interaction, listInteractions } from "@/wire/interactions";
import type { AgentRow } from "@/wire/messages";

/** Not needed to be rung. */
const MY_WORK = late(async () => (await import("@/components/crm/my_work")).MyWork);

const OWN_SHIFTS = late(async () => {
  const [part] = await Promise.all([import("@/components/shifts/own_shifts"), needTexts("shifts")]);
  return part.OwnShifts;
});

export function Idle({ row }: { row: AgentRow }) {
  return (
    <div className="cc-desk" style={{ gridTemplateColumns: undefined }}>
      <Stack>
        <OwnState row={row} />
        <DialCard row={row} />
        <Today row={row} />
      </Stack>
      <Stack>
        <Late part={MY_WORK} props={{ agent: row.agent }} meanwhile={<Rows count={4} />} />
        <LastCalls agent={row.agent} refreshKey={row.handled} />
      </Stack>
      <Stack>
        <OwnQueues queues={row.queues} />
        <Late part={OWN_SHIFTS} props={{ agent: row.agent }} meanwhile={<Rows count={2} />} />
      </Stack>
    </div>
  );
}

function OwnState({ row }: { row: AgentRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const pauseName = usePauseName();
  const { run, pending } = useCommand();
  const { color, icon: Icon } = AGENT_LOOKS[row.state];
  const ready = row.state === "available";
  return (
    <Card withBorder padding="lg">
      <Stack align="center" gap="xs">
        <ThemeIcon size={64} radius="xl" variant="light" color={color}>
          <Icon size={32} stroke={1.6} aria-hidden />
        </ThemeIcon>
        <Title order={2} ta="center">
          {row.state === "paused" ? pauseName(row.reason) : t(`state.${row.state}`)}
        </Title>
        <Text size="xl" fw={600}>
          <Elapsed since={row.since} limit={row.limit_seconds} />
        </Text>
        <Text c="dimmed" size="sm" ta="center">
          {row.state === "unreachable" ? t(whyUnreachable(row)) : t(hintFor(row))}
        </Text>
        {!ready && row.state !== "unreachable" && (
          <Button
            size="md"
            data-testid="go-ready"
            color="green"
            mt="xs"
            leftSection={<IconPlayerPlay size={18} />}
            disabled={!linked}
            loading={pending}
            onClick={() => void run(() => command({ type: "go_available" }))}
          >
            {row.reason === "rona" ? t("idle.back") : t("action.goReady")}
          </Button>
        )}
      </Stack>
    </Card>
  );
}

/** Calls from here; what came of the last one is said when it left nothing to write about. */
function DialCard({ row }: { row: AgentRow }) {
  const { t, i18n } = useTranslation();
  const key = `dialOutcome.${row.lost_dial}`;
  return (
    <Card withBorder>
      <Late part={dialBox} props={{}} meanwhile={<Rows count={1} height={88} />} />
      {row.lost_dial !== "" && i18n.exists(key) && (
        <Text size="sm" mt="xs" role="status" data-testid="lost-dial">
          {t(key as "dialOutcome.busy")}
        </Text>
      )}
    </Card>
  );
}

function whyUnreachable(row: AgentRow) {
  return row.device_ready ? "idle.noConsole" : "idle.noDevice";
}

function hintFor(row: AgentRow) {
  if (row.state === "available") return "idle.readyHint";
  return row.reason === "rona" ? "idle.ronaHint" : "idle.pausedHint";
}

function Today({ row }: { row: AgentRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const per = (seconds: number) => (row.handled === 0 ? "–" : duration(seconds / row.handled));
  const figures = [
    { label: t("figure.calls"), value: count(row.handled, language) },
    { label: t("figure.averageTalk"), value: per(row.talk_seconds) },
    { label: t("figure.averageWrapUp"), value: per(row.wrap_up_seconds) },
    { label: t("figure.missed"), value: count(row.missed, language) },
  ];
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="sm">
        {t("idle.today")}
      </Title>
      <SimpleGrid cols={2} spacing="sm">
        {figures.map(({ label, value }) => (
          <div key={label}>
            <Text size="xl" fw={650} className="cc-figures">
              {value}
            </Text>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
          </div>
        ))}
      </SimpleGrid>
    </Card>
  );
}

function OwnQueues({ queues }: { queues: string[] }) {
  const { t } = useTranslation();
  const names = useQueueNames();
  const mine = queues.filter((queue) => names[queue] !== undefined);
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="sm">
        {t("idle.queues")}
      </Title>
      {mine.length === 0 && (
        <Empty icon={IconMoodSmile} title={t("idle.noQueues")} hint={t("idle.noQueuesHint")} />
      )}
      <Stack gap="xs">
        {mine.map((queue) => (
          <OwnQueue key={queue} queue={queue} name={names[queue] ?? ""} />
        ))}
      </Stack>
    </Card>
  );
}

/** Drawn anew when a caller comes or goes, not with every figure of the queue. */
const OwnQueue = memo(function OwnQueue({ queue, name }: { queue: string; name: string }) {
  const { t } = useTranslation();
  const waiting = useConsole(({ live }) => live.queues[queue]?.waiting ?? 0);
  const oldest = useConsole(({ live }) => live.queues[queue]?.oldest_joined_at ?? null);
  const limit = useConsole(({ live }) => live.queues[queue]?.service_level_seconds);
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} truncate>
          {name}
        </Text>
        <Text fw={650} size="lg" className="cc-figures" {...(waiting > 0 ? {} : { c: "dimmed" })}>
          {waiting}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {oldest === null ? (
          t("queue.nobodyWaits")
        ) : (
          <>
            {t("queue.longest")} <Elapsed since={oldest} limit={limit} />
          </>
        )}
      </Text>
    </Paper>
  );
});

function LastCalls({ agent, refreshKey }: { agent: string; refreshKey: number }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ["interactions", { agent, limit: 20 }, refreshKey],
    queryFn: () => listInteractions({ agent, limit: 20 }),
    placeholderData: (before) => before,
  });
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="sm">
        {t("idle.lastCalls")}
      </Title>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={5} />}
      {query.data?.length === 0 && (
        <Empty icon={IconPhoneIncoming} title={t("idle.noCalls")} hint={t("idle.noCallsHint")} />
      )}
      <Stack gap={0}>
        {query.data?.map((item) => (
          <LastCall key={item.call} item={item} onOpen={() => setOpen(item.call)} />
        ))}
      </Stack>
      <InteractionDrawer call={open} onClose={() => setOpen(null)} />
    </Card>
  );
}

function LastCall({ item, onOpen }: { item: Interaction; onOpen: () => void }) {
  const language = useLanguage();
  const callerName = useCallerName();
  const queueName = useQueueName();
  const dispositionName = useDispositionName();
  return (
    <Group gap={4} wrap="nowrap">
      <DialButton
        number={item.number}
        name={item.customerName}
        customer={item.customer}
        queue={item.queue}
      />
      <UnstyledButton onClick={onOpen} py={8} px={6} className="cc-row" flex={1} miw={0}>
        <Group justify="space-between" wrap="nowrap">
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={600} truncate>
              {callerName(item.customerName, item.number)}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {[
                moment(item.startedAt, serverNow(), language),
                queueName(item.queue),
                item.disposition ? dispositionName(item.disposition) : "",
              ]
                .filter(Boolean)
                .join(" · ")}
            </Text>
          </div>
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" className="cc-figures" c="dimmed">
              {duration(item.talkSeconds)}
            </Text>
            <OutcomeBadge outcome={item.outcome} />
          </Group>
        </Group>
      </UnstyledButton>
    </Group>
  );
}
