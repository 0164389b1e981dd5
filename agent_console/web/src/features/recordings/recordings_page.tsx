// Recordings of talks: found, opened, played; and, for those who look after them, the rules. What is looked
// for and what is open stand in the address.
import { Badge, Button, Drawer, Group, Stack, Table, Tabs, Text, Title } from "@mantine/core";
import { IconLock, IconMicrophone2 } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { PagedTable } from "@/components/more";
import { useCallerName } from "@/components/person";
import { Evaluate } from "@/components/quality/evaluate";
import { RecordingPlayer } from "@/components/recordings/player";
import type { RecordingsSearch } from "@/state/addresses";
import { useAgentName, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { dayBegins } from "@/state/days";
import { duration, moment } from "@/state/format";
import { useSession } from "@/state/session";
import { listRecordings, type RecordingFilter, type RecordingRead } from "@/wire/recordings";
import { RecordingFilters } from "./filters";
import { Keeping } from "./keeping";
import { RecordingRules } from "./rules";

/** Days as the person's clock has them. */
function wanted(search: RecordingsSearch): RecordingFilter {
  const { text, agent, queue, call, first, last, minutes, silence, interrupts, share, held } =
    search;
  const least = Number(minutes);
  return {
    ...(text ? { text } : {}),
    ...(agent ? { agent } : {}),
    ...(queue ? { queue } : {}),
    ...(call ? { call } : {}),
    ...(first ? { since: dayBegins(first, 0) } : {}),
    ...(last ? { until: dayBegins(last, 1) } : {}),
    ...(least > 0 ? { seconds_min: 60 * least } : {}),
    ...(Number(silence) > 0 ? { silence_min: Number(silence) } : {}),
    ...(Number(interrupts) > 0 ? { interruptions_min: Math.floor(Number(interrupts)) } : {}),
    ...(Number(share) > 0 ? { agent_share_min: Math.min(1, Number(share) / 100) } : {}),
    ...(held === "yes" ? { held: true } : {}),
  };
}

export function RecordingsPage() {
  const { t } = useTranslation();
  const { role } = useSession();
  const search: RecordingsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const show = (tab: string | null) =>
    void navigate({
      to: "/recordings",
      search: { ...search, tab: tab === "rules" ? tab : undefined },
    });
  return (
    <Stack>
      <Title order={2} size="h4">
        {t("page.recordings")}
      </Title>
      {role === "agent" ? (
        <Found />
      ) : (
        <Tabs value={search.tab === "rules" ? "rules" : "list"} keepMounted={false} onChange={show}>
          <Tabs.List mb="md">
            <Tabs.Tab value="list">{t("recordings.list")}</Tabs.Tab>
            <Tabs.Tab value="rules">{t("recordings.rules")}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="list">
            <Found />
          </Tabs.Panel>
          <Tabs.Panel value="rules">
            <RecordingRules />
          </Tabs.Panel>
        </Tabs>
      )}
    </Stack>
  );
}

function Found() {
  const { t } = useTranslation();
  const { role } = useSession();
  const navigate = useNavigate();
  const search: RecordingsSearch = useSearch({ strict: false });
  const filter = wanted(search);
  const query = useInfiniteQuery({
    queryKey: ["recordings", filter],
    queryFn: ({ pageParam }) => listRecordings(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const go = (change: Partial<RecordingsSearch>) =>
    void navigate({ to: "/recordings", search: { ...search, ...change } });
  return (
    <Stack>
      <RecordingFilters search={search} onChange={go} />
      <PagedTable
        query={query}
        none={items.length === 0}
        count={6}
        icon={IconMicrophone2}
        title={t("recordings.none")}
        hint={t("recordings.noneHint")}
        more={t("recordings.more")}
      >
        <FoundTable items={items} onOpen={(open) => go({ open })} />
      </PagedTable>
      <Drawer
        opened={search.open !== undefined}
        onClose={() => go({ open: undefined })}
        position="right"
        size="xl"
        title={<Text fw={650}>{t("recordings.one")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {search.open !== undefined && (
          <Stack>
            <RecordingPlayer
              key={search.open}
              recording={search.open}
              onPart={(open) => go({ open })}
            />
            {role !== "agent" && <Evaluate recording={search.open} />}
            <Keeping recording={search.open} />
          </Stack>
        )}
      </Drawer>
    </Stack>
  );
}

function FoundTable({ items, onOpen }: { items: RecordingRead[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  return (
    <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md" miw={720}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("calls.when")}</Table.Th>
          <Table.Th>{t("calls.caller")}</Table.Th>
          <Table.Th>{t("calls.queue")}</Table.Th>
          <Table.Th>{t("calls.agent")}</Table.Th>
          <Table.Th>{t("recordings.length")}</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <Line key={item.id} item={item} onOpen={() => onOpen(item.id)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Line({ item, onOpen }: { item: RecordingRead; onOpen: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queueName = useQueueName();
  const agentName = useAgentName();
  const callerName = useCallerName();
  return (
    <Table.Tr data-recording={item.id} data-state={item.state}>
      <Table.Td>{moment(Date.parse(item.began_at) / 1000, serverNow(), language)}</Table.Td>
      <Table.Td>{callerName(item.customer_name, item.number)}</Table.Td>
      <Table.Td>{item.queue ? queueName(item.queue) : ""}</Table.Td>
      <Table.Td>{item.agents.map(agentName).join(", ")}</Table.Td>
      <Table.Td className="cc-figures">
        {item.state === "stored" ? duration(item.seconds ?? 0) : t(`recordingKept.${item.state}`)}
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap" justify="flex-end">
          {item.trouble === "short" && (
            <Badge color="orange" variant="light">
              {t("recordings.short")}
            </Badge>
          )}
          {item.held && (
            <Badge color="grape" variant="light" leftSection={<IconLock size={12} />}>
              {t("recordings.held")}
            </Badge>
          )}
          <Button size="compact-sm" variant="default" onClick={onOpen}>
            {t("recordings.open")}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
