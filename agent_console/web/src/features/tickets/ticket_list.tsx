// The list of tickets: search, filters, saved views, or those behind a number of a report; as long as one
// scrolls. What is looked for stands in the address.
import {
  Button,
  Card,
  Chip,
  Group,
  Paper,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
  UnstyledButton,
} from "@mantine/core";
import { IconPlus, IconSearch, IconTicketOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { EndlessRows } from "@/components/crm/endless_rows";
import {
  DueBadge,
  PRIORITIES,
  PriorityBadge,
  StageBadge,
  useTicketTypes,
  useTypeName,
} from "@/components/crm/ticket_words";
import { Empty, Failure, Rows } from "@/components/feedback";
import { LateBehindHead } from "@/components/late_behind_head";
import { useWords } from "@/components/use_words";
import type { TicketsSearch } from "@/state/addresses";
import { nameOf, useAgentName, useChoices, useLanguage } from "@/state/choices";
import { useSession } from "@/state/session";
import { listTickets, type TicketFilter, type TicketRead } from "@/wire/crm";
import { filterOf, searchOf } from "./ticket_filter";
import { Views } from "./ticket_views";

interface Props {
  search: TicketsSearch;
  onSearch: (search: TicketsSearch, replace: boolean) => void;
  onPick: (id: string) => void;
  onNew: () => void;
}

export function TicketList({ search, onSearch, onPick, onNew }: Props) {
  const { t } = useTranslation();
  const typeName = useTypeName();
  const filter = filterOf(search);
  const setFilter = (next: TicketFilter) => onSearch(searchOf(next), false);
  const query = useInfiniteQuery({
    queryKey: ["tickets", filter],
    queryFn: ({ pageParam }) => listTickets(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card withBorder>
      <Stack gap="sm">
        {search.figure === undefined ? (
          <>
            <Group justify="space-between">
              <Title order={2} size="h4">
                {t("page.tickets")}
              </Title>
              <Button size="xs" leftSection={<IconPlus size={16} />} onClick={onNew}>
                {t("ticket.new")}
              </Button>
            </Group>
            <Words there={filter.q} onWords={(q) => onSearch(searchOf({ ...filter, q }), true)} />
            <Filters filter={filter} onChange={setFilter} />
            <Views filter={filter} onChoose={setFilter} />
          </>
        ) : (
          <LateBehindHead
            search={search}
            found={query.data?.pages[0]?.counted ?? undefined}
            also={search.type === undefined ? [] : [typeName(search.type)]}
            all="tickets"
          />
        )}
        {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
        {query.isLoading && <Rows count={6} height={64} />}
        {query.data !== undefined && items.length === 0 && (
          <Empty icon={IconTicketOff} title={t("ticket.none")} hint={t("ticket.noneHint")} />
        )}
        <EndlessRows
          items={items}
          keyOf={({ id }) => id}
          rowHeight={82}
          label={t("page.tickets")}
          height="calc(100dvh - 360px)"
          more={query.hasNextPage && !query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          render={(ticket) => (
            <Line
              ticket={ticket}
              picked={ticket.id === search.id}
              onPick={() => onPick(ticket.id)}
            />
          )}
        />
      </Stack>
    </Card>
  );
}

function Words({ there, onWords }: { there: string; onWords: (words: string) => void }) {
  const { t } = useTranslation();
  const [text, type] = useWords(there, onWords);
  return (
    <TextInput
      leftSection={<IconSearch size={16} />}
      placeholder={t("ticket.searchHint")}
      aria-label={t("ticket.search")}
      value={text}
      maxLength={100}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}

function Line({
  ticket,
  picked,
  onPick,
}: {
  ticket: TicketRead;
  picked: boolean;
  onPick: () => void;
}) {
  const typeName = useTypeName();
  const agentName = useAgentName();
  const under = [
    `#${ticket.number}`,
    typeName(ticket.type),
    ticket.customer_name,
    ticket.owner_agent === null ? "" : agentName(ticket.owner_agent),
  ];
  return (
    <UnstyledButton onClick={onPick} aria-pressed={picked}>
      <Paper
        withBorder
        p="xs"
        className="cc-clickable"
        {...(picked ? { bd: "1px solid var(--mantine-primary-color-filled)" } : {})}
      >
        <Text fw={600} size="sm" truncate>
          {ticket.subject}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {under.filter(Boolean).join(" · ")}
        </Text>
        <Group gap={6} mt={4}>
          <StageBadge ticket={ticket} />
          <PriorityBadge priority={ticket.priority} />
          <DueBadge due={ticket.due} />
        </Group>
      </Paper>
    </UnstyledButton>
  );
}

function without(filter: TicketFilter, name: keyof TicketFilter): TicketFilter {
  const { [name]: _, ...rest } = filter;
  return { q: filter.q, ...rest };
}

function Filters({
  filter,
  onChange,
}: {
  filter: TicketFilter;
  onChange: (filter: TicketFilter) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { agent } = useSession();
  const { agent_names } = useChoices();
  const types = useTicketTypes();
  const choose = (name: "type" | "state" | "owner" | "priority", value: string | null) =>
    onChange(
      value === null
        ? without(filter, name)
        : { ...filter, [name]: name === "priority" ? Number(value) : value },
    );
  return (
    <Group gap="xs">
      {agent !== null && (
        <Chip
          size="xs"
          checked={filter.owner === agent}
          onChange={(on) => choose("owner", on ? agent : null)}
        >
          {t("ticket.mine")}
        </Chip>
      )}
      <Chip
        size="xs"
        checked={filter.unowned === true}
        onChange={(on) =>
          onChange(on ? { ...without(filter, "owner"), unowned: true } : without(filter, "unowned"))
        }
      >
        {t("ticket.unowned")}
      </Chip>
      <Select
        size="xs"
        w={120}
        clearable
        aria-label={t("ticket.state")}
        placeholder={t("ticket.state")}
        data={(["open", "late", "closed"] as const).map((state) => ({
          value: state,
          label: t(`ticketState.${state}`),
        }))}
        value={filter.state ?? null}
        onChange={(state) => choose("state", state)}
      />
      <Select
        size="xs"
        w={130}
        clearable
        aria-label={t("ticket.type")}
        placeholder={t("ticket.type")}
        data={types.map((one) => ({ value: one.code, label: nameOf(one, language) }))}
        value={filter.type ?? null}
        onChange={(type) => choose("type", type)}
      />
      <Select
        size="xs"
        w={120}
        clearable
        aria-label={t("ticket.priority")}
        placeholder={t("ticket.priority")}
        data={PRIORITIES.map((one) => ({ value: String(one), label: t(`priority.${one}`) }))}
        value={filter.priority === undefined ? null : String(filter.priority)}
        onChange={(priority) => choose("priority", priority)}
      />
      <Select
        size="xs"
        w={150}
        clearable
        searchable
        aria-label={t("ticket.owner")}
        placeholder={t("ticket.owner")}
        data={Object.entries(agent_names).map(([value, label]) => ({ value, label }))}
        value={filter.owner ?? null}
        onChange={(owner) => choose("owner", owner)}
      />
      <Select
        size="xs"
        w={150}
        allowDeselect={false}
        aria-label={t("ticket.order")}
        data={[
          { value: "due", label: t("ticket.orderDue") },
          { value: "updated", label: t("ticket.orderUpdated") },
        ]}
        value={filter.order ?? "updated"}
        onChange={(order) => onChange({ ...filter, order: order === "due" ? "due" : "updated" })}
      />
    </Group>
  );
}
