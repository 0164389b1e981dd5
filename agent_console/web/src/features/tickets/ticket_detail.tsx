// One ticket: what it is about, where it stands and may go, its clocks, what was said, and its history. A
// change by somebody else meanwhile is shown before one's own goes on top.
import { Alert, Badge, Card, Group, Rating, Stack, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomerLink } from "@/components/crm/customer_link";
import { TicketAnchor } from "@/components/crm/ticket_anchor";
import {
  DueBadge,
  PriorityBadge,
  StageBadge,
  useTicketTypes,
  useTypeName,
} from "@/components/crm/ticket_words";
import { DialCustomer } from "@/components/dial_button";
import { Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { rateTicket, readTicket, type TicketWhole } from "@/wire/crm";
import { moment as seconds } from "@/wire/record";
import { ApiError } from "@/wire/rest";
import type { Part } from "./part";
import { Facts } from "./ticket_facts";
import { TicketHistory } from "./ticket_history";
import { Macros, Stages } from "./ticket_steps";
import { Links, Talk } from "./ticket_talk";

export function TicketDetail({ id, onShow }: { id: string; onShow: (id: string) => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const query = useQuery({
    queryKey: ["ticket", id],
    queryFn: () => readTicket(id),
    refetchInterval: 20_000,
  });
  const types = useTicketTypes();
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={8} />;
  const ticket = query.data;
  const type = types.find(({ code }) => code === ticket.type);
  const run = async (action: () => Promise<unknown>): Promise<boolean> => {
    setError(null);
    try {
      await action();
      return true;
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      await queries.invalidateQueries({ queryKey: ["ticket", id] });
      void queries.invalidateQueries({ queryKey: ["tickets"] });
    }
  };
  const changed = error instanceof ApiError && error.status === 409;
  return (
    <Stack data-testid="ticket" data-stage={ticket.stage}>
      {changed && (
        <Alert color="orange" role="alert" title={t("ticket.changedTitle")}>
          <Text size="sm">{t("ticket.changedHint")}</Text>
        </Alert>
      )}
      {error !== null && !changed && <Failure error={error} />}
      <Head ticket={ticket} type={type} run={run} onShow={onShow} />
      <Facts key={ticket.version} ticket={ticket} type={type} run={run} error={error} />
      <Links ticket={ticket} run={run} onShow={onShow} />
      <Talk ticket={ticket} run={run} />
      <TicketHistory events={ticket.events} type={ticket.type} />
    </Stack>
  );
}

function Head({ ticket, type, run }: Part & { onShow: (id: string) => void }) {
  const { t } = useTranslation();
  const typeName = useTypeName();
  const language = useLanguage();
  return (
    <Card withBorder>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Text size="sm" c="dimmed">
            {typeName(ticket.type)} #{ticket.number} ·{" "}
            {moment(seconds(ticket.created), serverNow(), language)} · {ticket.by}
          </Text>
          <Title order={3} size="h4" style={{ overflowWrap: "anywhere" }}>
            {ticket.subject}
          </Title>
        </div>
        <Macros ticket={ticket} run={run} />
      </Group>
      <Group gap="xs" my="xs">
        <StageBadge ticket={ticket} />
        <PriorityBadge priority={ticket.priority} />
        <DueBadge due={ticket.due} />
        {ticket.waiting_since !== null && (
          <Badge className="cc-badge" color="gray">
            {t("ticket.clocksStand")}
          </Badge>
        )}
        {ticket.escalated.length > 0 && <Badge color="red">{t("ticket.escalated")}</Badge>}
      </Group>
      <Clocks ticket={ticket} />
      {ticket.customer !== null && (
        <Group gap={4}>
          <CustomerLink id={ticket.customer}>{ticket.customer_name}</CustomerLink>
          <DialCustomer customer={ticket.customer} name={ticket.customer_name} />
        </Group>
      )}
      {ticket.merged_into !== null ? (
        <TicketAnchor id={ticket.merged_into}>{t("ticket.mergedInto")}</TicketAnchor>
      ) : (
        type !== undefined && <Stages ticket={ticket} type={type} run={run} />
      )}
      {(ticket.stage_kind === "solved" || ticket.stage_kind === "closed") && (
        <Group mt="sm" gap="xs">
          <Text size="sm">{t("ticket.satisfaction")}</Text>
          <Rating
            value={ticket.satisfaction ?? 0}
            getSymbolLabel={(score) => t("ticket.stars", { count: score })}
            onChange={(score) => void run(() => rateTicket(ticket.id, score))}
          />
        </Group>
      )}
    </Card>
  );
}

function Clocks({ ticket }: { ticket: TicketWhole }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const shown = (at: string | null) =>
    at === null ? "–" : moment(seconds(at), serverNow(), language);
  return (
    <Text size="xs" c="dimmed" className="cc-figures">
      {t("ticket.clocks", {
        first: shown(ticket.first_answered ?? ticket.first_due),
        solution: shown(ticket.solved ?? ticket.solution_due),
        stage: shown(ticket.stage_due),
      })}
    </Text>
  );
}
