// The calls behind a number of a report, as many lines as it says: a call that is in the number twice is there
// twice, with the queue, the agent and the time of each. Times are on the clock of the report.
import { Badge, Box, Card, Group, ScrollArea, Table, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { BehindHead } from "@/components/behind_head";
import { timeIn } from "@/components/behind_narrowing";
import { DialButton } from "@/components/dial_button";
import { Empty, Failure, Rows } from "@/components/feedback";
import { InteractionDrawer } from "@/components/interaction_drawer";
import { More } from "@/components/more";
import { OutcomeBadge } from "@/components/outcome_badge";
import { useCallerName } from "@/components/person";
import type { CallsSearch } from "@/state/addresses";
import { useAgentName, useDispositionName, useLanguage, useQueueName } from "@/state/choices";
import { duration, phone } from "@/state/format";
import { type CallBehind, listCallsBehind } from "@/wire/calls_behind";
import type { Interaction } from "@/wire/interactions";

export function CallsBehind({ search }: { search: CallsSearch }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const query = useInfiniteQuery({
    queryKey: ["calls-behind", search],
    queryFn: ({ pageParam }) => listCallsBehind(search, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [first] = query.data?.pages ?? [];
  return (
    <Card withBorder padding={0} data-testid="calls-behind" data-count={first?.count}>
      <Box p="md">
        <BehindHead
          search={search}
          found={first}
          all="calls"
          also={
            first !== undefined && first.calls < first.count
              ? [t("report.behindCalls", { count: first.calls })]
              : []
          }
        />
      </Box>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={8} />}
      {query.isSuccess && items.length === 0 && (
        <Empty icon={IconHistory} title={t("calls.empty")} hint={t("calls.emptyHint")} />
      )}
      {items.length > 0 && (
        <ScrollArea>
          <Lines items={items} zone={search.zone} onOpen={setOpen} />
        </ScrollArea>
      )}
      <More query={query} m="md">
        {t("calls.more")}
      </More>
      <InteractionDrawer call={open} onClose={() => setOpen(null)} />
    </Card>
  );
}

function Lines({
  items,
  zone,
  onOpen,
}: {
  items: CallBehind[];
  zone: string | undefined;
  onOpen: (call: string) => void;
}) {
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
          <LineBehind key={item.key} item={item} zone={zone} onOpen={() => onOpen(item.call)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function LineBehind({
  item,
  zone,
  onOpen,
}: {
  item: CallBehind;
  zone: string | undefined;
  onOpen: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queueName = useQueueName();
  const agentName = useAgentName();
  const call = item.interaction;
  const cells = (
    <>
      <Table.Td className="cc-figures">
        {timeIn(zone, item.at, language)}
        {item.times > 1 && (
          <Badge size="xs" variant="light" ml={6} className="cc-badge">
            {t("report.behindTimes", { count: item.times })}
          </Badge>
        )}
      </Table.Td>
      <Table.Td>{call === null ? "" : <Caller call={call} />}</Table.Td>
      <Table.Td>{queueName(item.queue)}</Table.Td>
      <Table.Td>{agentName(item.agent)}</Table.Td>
      {call === null ? (
        <Table.Td colSpan={4} c="dimmed">
          {t("report.behindGoesOn")}
        </Table.Td>
      ) : (
        <Ended call={call} />
      )}
    </>
  );
  if (call === null) return <Table.Tr>{cells}</Table.Tr>;
  return (
    <Table.Tr
      className="cc-clickable"
      tabIndex={0}
      onClick={onOpen}
      onKeyDown={(event) => event.key === "Enter" && onOpen()}
    >
      {cells}
    </Table.Tr>
  );
}

function Caller({ call }: { call: Interaction }) {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const agentName = useAgentName();
  return (
    <>
      <Group gap={4} wrap="nowrap">
        <Text size="sm" fw={600} lineClamp={1}>
          {call.peer === "" ? callerName(call.customerName, call.number) : agentName(call.peer)}
        </Text>
        {call.direction !== "in" && (
          <Badge size="xs" variant="light" className="cc-badge">
            {t(`direction.${call.direction}` as "direction.out")}
          </Badge>
        )}
        <DialButton number={call.number} name={call.customerName} customer={call.customer} />
      </Group>
      {call.customerName && (
        <Text size="xs" c="dimmed" className="cc-figures">
          {phone(call.number)}
        </Text>
      )}
    </>
  );
}

function Ended({ call }: { call: Interaction }) {
  const dispositionName = useDispositionName();
  return (
    <>
      <Table.Td className="cc-figures">{duration(call.waitSeconds)}</Table.Td>
      <Table.Td className="cc-figures">{duration(call.talkSeconds)}</Table.Td>
      <Table.Td>{call.disposition && dispositionName(call.disposition)}</Table.Td>
      <Table.Td>
        <OutcomeBadge outcome={call.outcome} />
      </Table.Td>
    </>
  );
}
