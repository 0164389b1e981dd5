// What happened to a ticket, newest first: who, when, and what was before.
import { Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useStageName } from "@/components/crm/ticket_words";
import { useAgentName, useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import type { TicketWhole } from "@/wire/crm";
import { moment as seconds } from "@/wire/record";

type Event = TicketWhole["events"][number];

export function TicketHistory({ events, type }: { events: Event[]; type: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Card withBorder>
      <Title order={4} size="h6" mb="xs">
        {t("ticket.history")}
      </Title>
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {[...events].reverse().map((event) => (
          <li key={event.id}>
            <Group gap="xs">
              <Badge className="cc-badge" variant="light" color="gray">
                {t(`ticketEvent.${event.kind}` as "ticketEvent.created")}
              </Badge>
              <Text size="xs" c="dimmed">
                {[moment(seconds(event.at), serverNow(), language), event.by]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
            </Group>
            <Told event={event} type={type} />
          </li>
        ))}
      </Stack>
    </Card>
  );
}

function Told({ event, type }: { event: Event; type: string }) {
  const { t } = useTranslation();
  const stageName = useStageName();
  const agentName = useAgentName();
  const data = event.data as Record<string, unknown>;
  const text = (value: unknown) =>
    value === null || value === undefined || value === ""
      ? "–"
      : typeof value === "object"
        ? JSON.stringify(value)
        : String(value);
  const lines: string[] = [];
  if (event.kind === "stage") {
    lines.push(`${stageName(type, text(data.from))} → ${stageName(type, text(data.to))}`);
    if (data.reason) lines.push(text(data.reason));
  } else if (event.kind === "comment") {
    lines.push(text(data.text));
    if (data.public) lines.push(t("ticket.wasPublic"));
  } else if (event.kind === "changed") {
    for (const [field, pair] of Object.entries(data)) {
      const [before, after] = pair as [unknown, unknown];
      const shown = (value: unknown) =>
        field === "owner_agent" && value ? agentName(String(value)) : text(value);
      lines.push(
        `${t(`ticketField.${field}` as "ticketField.subject")}: ${shown(before)} → ${shown(after)}`,
      );
    }
  } else if (event.kind === "escalated") {
    lines.push(t(`clock.${text(data.clock)}` as "clock.stage"));
  } else if (event.kind === "merged") {
    lines.push(`#${text(data.number)}`);
  } else if (event.kind === "rated") {
    lines.push(`${text(data.score)} / 5`);
  } else if (event.kind === "linked" || event.kind === "unlinked") {
    lines.push(text(data.target));
  }
  return (
    <>
      {lines.map((line) => (
        <Text key={line} size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {line}
        </Text>
      ))}
    </>
  );
}
