// Calls that are over, found by number, name, words and what they were; as long as one scrolls, and only the
// rows in sight exist. What is looked for and what is open stand in the address: reload, back and a sent link
// lead to the same thing, back to the same place, too.
import { Alert, Badge, Card, Group, Stack, Text, Title, UnstyledButton } from "@mantine/core";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { EndlessRows } from "@/components/crm/endless_rows";
import { DialButton } from "@/components/dial_button";
import { Empty, Failure, Rows } from "@/components/feedback";
import { InteractionDrawer } from "@/components/interaction_drawer";
import { OutcomeBadge } from "@/components/outcome_badge";
import { useCallerName } from "@/components/person";
import type { CallsSearch } from "@/state/addresses";
import { useAgentName, useDispositionName, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { dayBegins } from "@/state/days";
import { duration, moment, phone } from "@/state/format";
import { type CallFilter, findCalls, type Interaction } from "@/wire/interactions";
import { ApiError } from "@/wire/rest";
import { CallFilters } from "./call_filters";
import "./calls.css";

const FRESH_MS = 5_000;
const ROW_PX = 40;
const DIRECTIONS = ["in", "out", "internal"] as const;

function filterOf(search: CallsSearch): CallFilter {
  const { text, agent, queue, outcome, first, last } = search;
  const direction = DIRECTIONS.find((one) => one === search.direction);
  const since = first ? dayBegins(first, 0) : "";
  const until = last ? dayBegins(last, 1) : "";
  return {
    ...(text?.trim() ? { text } : {}),
    ...(agent ? { agent } : {}),
    ...(queue ? { queue } : {}),
    ...(outcome ? { outcome } : {}),
    ...(direction ? { direction } : {}),
    ...(since ? { since } : {}),
    ...(until ? { until } : {}),
  };
}

export function FoundCalls({ search }: { search: CallsSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const filter = filterOf(search);
  const narrowed = Object.keys(filter).length > 0;
  const query = useInfiniteQuery({
    queryKey: ["interactions", "found", filter],
    queryFn: ({ pageParam }) => findCalls(filter, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: FRESH_MS,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  // No failure: whoever types has got so far.
  const tooShort = query.error instanceof ApiError && query.error.code === "too_short";
  const go = (change: CallsSearch, replace = false) =>
    void navigate({ to: "/calls", search: { ...search, ...change }, replace });
  return (
    <Card withBorder data-testid="calls">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t("calls.title")}
        </Title>
        {narrowed && (
          <Link to="/calls" search={{}}>
            {t("callsFound.clear")}
          </Link>
        )}
      </Group>
      <Stack gap="sm">
        <CallFilters search={search} onChange={go} />
        {query.isError && tooShort && (
          <div role="status">
            <Empty
              icon={IconSearch}
              title={t("callsFound.moreToType")}
              hint={t("error.too_short")}
            />
          </div>
        )}
        {query.isError && !tooShort && (
          <Failure error={query.error} retry={() => void query.refetch()} />
        )}
        {query.data?.pages[0]?.narrow && (
          <Alert color="yellow" variant="light" role="status">
            {t("callsFound.narrow")}
          </Alert>
        )}
        {query.isLoading && <Rows count={8} />}
        {query.isSuccess && items.length === 0 && (
          <Empty
            icon={IconHistory}
            title={t(narrowed ? "callsFound.none" : "calls.empty")}
            hint={t(narrowed ? "callsFound.noneHint" : "calls.emptyHint")}
          />
        )}
        {items.length > 0 && <Heads />}
        <EndlessRows
          key={JSON.stringify(filter)}
          items={items}
          keyOf={({ call }) => call}
          rowHeight={ROW_PX}
          label={t("calls.title")}
          more={query.hasNextPage && !query.isFetchingNextPage && !query.isError}
          onMore={() => void query.fetchNextPage()}
          render={(item) => <CallLine item={item} onOpen={() => go({ open: item.call })} />}
        />
      </Stack>
      <InteractionDrawer call={search.open ?? null} onClose={() => go({ open: undefined })} />
    </Card>
  );
}

/** Each line says by itself what it is; what stands above the columns is for the eye. */
function Heads() {
  const { t } = useTranslation();
  return (
    <div className="cc-call-line cc-call-heads" aria-hidden>
      <span>{t("calls.when")}</span>
      <span>{t("calls.caller")}</span>
      <span>{t("calls.queue")}</span>
      <span>{t("calls.agent")}</span>
      <span>{t("figure.wait")}</span>
      <span>{t("figure.talk")}</span>
      <span>{t("wrapUp.disposition")}</span>
      <span>{t("calls.outcome")}</span>
    </div>
  );
}

function CallLine({ item, onOpen }: { item: Interaction; onOpen: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const callerName = useCallerName();
  const dispositionName = useDispositionName();
  const queueName = useQueueName();
  const agentName = useAgentName();
  const name = item.peer === "" ? callerName(item.customerName, item.number) : agentName(item.peer);
  return (
    <div className="cc-call-line cc-row" data-testid="call-line" data-call={item.call}>
      <span className="cc-figures">{moment(item.startedAt, serverNow(), language)}</span>
      <div className="cc-call-who">
        <Group gap={4} wrap="nowrap">
          <UnstyledButton
            className="cc-call-open"
            aria-label={t("callsFound.open", { name })}
            onClick={onOpen}
          >
            <Text size="sm" fw={600} truncate>
              {name}
            </Text>
          </UnstyledButton>
          {item.direction !== "in" && (
            <Badge size="xs" variant="light" className="cc-badge">
              {t(`direction.${item.direction}` as "direction.out")}
            </Badge>
          )}
          <span className="cc-call-dial">
            <DialButton number={item.number} name={item.customerName} customer={item.customer} />
          </span>
        </Group>
        {item.customerName && (
          <Text size="xs" c="dimmed" className="cc-figures">
            {phone(item.number)}
          </Text>
        )}
      </div>
      <span>{queueName(item.queue)}</span>
      <span>{agentName(item.agent)}</span>
      <span className="cc-figures">{duration(item.waitSeconds)}</span>
      <span className="cc-figures">{duration(item.talkSeconds)}</span>
      <span>{item.disposition && dispositionName(item.disposition)}</span>
      <span>
        <OutcomeBadge outcome={item.outcome} />
      </span>
    </div>
  );
}
