// Names and colours of what tickets consist of, in one place.
import { Badge } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { nameOf, useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { listTicketTypes, type TicketRead, type TicketType } from "@/wire/crm";
import { moment as seconds } from "@/wire/record";

export const ticketTypesQuery = queryOptions({
  queryKey: ["ticket-types"],
  queryFn: listTicketTypes,
  staleTime: 60_000,
});

export function useTicketTypes(): TicketType[] {
  return (useQuery(ticketTypesQuery).data ?? []).map(({ value }) => value);
}

const KIND_COLORS = { open: "blue", waiting: "gray", solved: "teal", closed: "gray" } as const;
const PRIORITY_COLORS = ["gray", "blue", "orange", "red"] as const;
export const PRIORITIES = [0, 1, 2, 3] as const;

export function useTypeName(): (code: string) => string {
  const types = useTicketTypes();
  const language = useLanguage();
  return (code) => {
    const found = types.find((one) => one.code === code);
    return found === undefined ? code : nameOf(found, language);
  };
}

export function useStageName(): (type: string, stage: string) => string {
  const types = useTicketTypes();
  const language = useLanguage();
  return (type, stage) => {
    const found = types.find((one) => one.code === type)?.stages.find((one) => one.code === stage);
    return found === undefined ? stage : nameOf(found, language);
  };
}

type Staged = Pick<TicketRead, "type" | "stage" | "stage_kind">;

export function StageBadge({ ticket }: { ticket: Staged }) {
  const stageName = useStageName();
  return (
    <Badge className="cc-badge" variant="light" color={KIND_COLORS[ticket.stage_kind]}>
      {stageName(ticket.type, ticket.stage)}
    </Badge>
  );
}

export function PriorityBadge({ priority }: { priority: number }) {
  const { t } = useTranslation();
  if (priority === 1) return null;
  return (
    <Badge className="cc-badge" variant="light" color={PRIORITY_COLORS[priority] ?? "gray"}>
      {t(`priority.${priority}` as "priority.0")}
    </Badge>
  );
}

/** When it is due; late ones say so in a word, too. */
export function DueBadge({ due }: { due: string | null }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (due === null) return null;
  const at = seconds(due);
  const late = at <= serverNow();
  const shown = moment(at, serverNow(), language);
  return (
    <Badge className="cc-badge" variant={late ? "filled" : "light"} color={late ? "red" : "gray"}>
      {late ? t("ticket.lateSince", { at: shown }) : t("ticket.dueAt", { at: shown })}
    </Badge>
  );
}
