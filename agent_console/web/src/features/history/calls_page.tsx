// Calls that are over: looked for and scrolled through (`found_calls`); or, when the address names a figure
// of a report, the calls behind it. Each opens with its timeline.
import { Badge, Card, Group, ScrollArea, Table, Text, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DialButton } from "@/components/dial_button";
import { Empty, Failure, Rows } from "@/components/feedback";
import { InteractionDrawer } from "@/components/interaction_drawer";
import { More } from "@/components/more";
import { OutcomeBadge } from "@/components/outcome_badge";
import { useCallerName } from "@/components/person";
import type { CallsSearch } from "@/state/addresses";
import { useAgentName, useDispositionName, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { duration, moment, phone } from "@/state/format";
import { type Interaction, listCallsBehind } from "@/wire/interactions";
import { FoundCalls } from "./found_calls";

export function CallsPage() {
  const search: CallsSearch = useSearch({ strict: false });
  return search.figure === undefined ? (
    <FoundCalls search={search} />
  ) : (
    <CallsBehind search={search} />
  );
}

/** The calls that made a number of a report, as many as it says. */
function CallsBehind({ search }: { search: CallsSearch }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queueName = useQueueName();
  const agentName = useAgentName();
  const [open, setOpen] = useState<string | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["calls-behind", search],
    queryFn: ({ pageParam }) => listCallsBehind(search, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const at = (iso: string | undefined) =>
    iso === undefined ? "" : moment(Date.parse(iso) / 1000, serverNow(), language);
  const parts = [
    ...(search.queues?.split(",").map(queueName) ?? []),
    ...(search.agents?.split(",").map(agentName) ?? []),
    ...(search.trunk ? [search.trunk] : []),
    `${at(search.since)} – ${at(search.until)}`,
  ];
  return (
    <Card withBorder padding={0} data-testid="calls-behind">
      <Group justify="space-between" p="md">
        <div>
          <Title order={2} size="h4">
            {t("calls.behind", { count: query.data?.pages[0]?.count ?? 0 })}
          </Title>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {parts.join(" · ")}
          </Text>
        </div>
        <Link to="/calls" search={{}}>
          {t("calls.behindAll")}
        </Link>
      </Group>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={8} />}
      {query.isSuccess && items.length === 0 && (
        <Empty icon={IconHistory} title={t("calls.empty")} hint={t("calls.emptyHint")} />
      )}
      {items.length > 0 && (
        <ScrollArea>
          <CallTable items={items} onOpen={setOpen} />
        </ScrollArea>
      )}
      <More query={query} m="md">
        {t("calls.more")}
      </More>
      <InteractionDrawer call={open} onClose={() => setOpen(null)} />
    </Card>
  );
}

function CallTable({ items, onOpen }: { items: Interaction[]; onOpen: (call: string) => void }) {
  const { t } = useTranslation();
  return (
    <Table highlightOnHover verticalSpacing="sm" horizontalSpacing="md" miw={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("calls.when")}</Table.Th>
          <Table.Th>{t("calls.caller")}</Table.Th>
          <Table.Th>{t("calls.queue")}</Table.Th>
          <Table.Th>{t("calls.agent")}</Table.Th>
          <Table.Th>{t("figure.wait")}</Table.Th>
          <Table.Th>{t("figure.talk")}</Table.Th>
          <Table.Th>{t("wrapUp.disposition")}</Table.Th>
          <Table.Th>{t("calls.outcome")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((item) => (
          <CallLine key={item.call} item={item} onOpen={() => onOpen(item.call)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function CallLine({ item, onOpen }: { item: Interaction; onOpen: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const callerName = useCallerName();
  const dispositionName = useDispositionName();
  const queueName = useQueueName();
  const agentName = useAgentName();
  return (
    <Table.Tr
      className="cc-clickable"
      tabIndex={0}
      onClick={onOpen}
      onKeyDown={(event) => event.key === "Enter" && onOpen()}
    >
      <Table.Td className="cc-figures">{moment(item.startedAt, serverNow(), language)}</Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap">
          <Text size="sm" fw={600} lineClamp={1}>
            {item.peer === "" ? callerName(item.customerName, item.number) : agentName(item.peer)}
          </Text>
          {item.direction !== "in" && (
            <Badge size="xs" variant="light" className="cc-badge">
              {t(`direction.${item.direction}` as "direction.out")}
            </Badge>
          )}
          <DialButton number={item.number} name={item.customerName} customer={item.customer} />
        </Group>
        {item.customerName && (
          <Text size="xs" c="dimmed" className="cc-figures">
            {phone(item.number)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{queueName(item.queue)}</Table.Td>
      <Table.Td>{agentName(item.agent)}</Table.Td>
      <Table.Td className="cc-figures">{duration(item.waitSeconds)}</Table.Td>
      <Table.Td className="cc-figures">{duration(item.talkSeconds)}</Table.Td>
      <Table.Td>{item.disposition && dispositionName(item.disposition)}</Table.Td>
      <Table.Td>
        <OutcomeBadge outcome={item.outcome} />
      </Table.Td>
    </Table.Tr>
  );
}
