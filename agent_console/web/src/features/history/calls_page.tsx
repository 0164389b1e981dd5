// The latest interactions: an agent's own, everybody's for supervisors. Each opens with its timeline.
import { Card, ScrollArea, Table, Text, Title } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { InteractionDrawer } from "@/components/interaction_drawer";
import { OutcomeBadge } from "@/components/outcome_badge";
import { useCallerName } from "@/components/person";
import { useAgentName, useDispositionName, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { duration, moment, phone } from "@/state/format";
import { type Interaction, listInteractions } from "@/wire/rest";

const SHOWN = 100;

export function CallsPage() {
  const { t } = useTranslation();
  const [open, setOpen] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ["interactions", { limit: SHOWN }],
    queryFn: () => listInteractions({ limit: SHOWN }),
    staleTime: 5_000,
  });
  return (
    <Card withBorder padding={0}>
      <Title order={2} size="h4" p="md">
        {t("calls.title")}
      </Title>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={8} />}
      {query.data?.length === 0 && (
        <Empty icon={IconHistory} title={t("calls.empty")} hint={t("calls.emptyHint")} />
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <ScrollArea>
          <CallTable items={query.data} onOpen={setOpen} />
        </ScrollArea>
      )}
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
        <Text size="sm" fw={600} lineClamp={1}>
          {callerName(item.customerName, item.number)}
        </Text>
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
