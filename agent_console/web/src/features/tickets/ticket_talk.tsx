// What is linked to a ticket, and what is said about it.
import {
  Button,
  Card,
  Checkbox,
  Group,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { IconLink } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { TicketAnchor } from "@/components/crm/ticket_anchor";
import { InsertArticle } from "@/components/knowledge/insert_article";
import { useKeptForm } from "@/state/kept_form";
import { commentTicket, linkTicket, listTickets, mergeTicket, unlinkTicket } from "@/wire/crm";
import type { Part } from "./part";

export function Links({ ticket, run, onShow }: Part & { onShow: (id: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const { data } = useQuery({
    queryKey: ["tickets", "link", text],
    queryFn: () => listTickets({ q: text }, null, 8),
    enabled: text.trim().length >= 2,
  });
  const found = (data?.items ?? []).filter(({ id }) => id !== ticket.id);
  return (
    <Card withBorder>
      <Group gap="xs" mb="xs">
        <IconLink size={16} />
        <Title order={4} size="h6">
          {t("ticket.links")}
        </Title>
      </Group>
      <Stack gap={4}>
        {ticket.links.map(({ kind, target, label }) => (
          <Group key={`${kind} ${target}`} justify="space-between">
            {kind === "ticket" ? (
              <TicketAnchor id={target}>{label}</TicketAnchor>
            ) : (
              <Text size="sm">{t("ticket.linkedCall", { call: label })}</Text>
            )}
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              onClick={() => void run(() => unlinkTicket(ticket.id, kind, target))}
            >
              {t("ticket.unlink")}
            </Button>
          </Group>
        ))}
        <TextInput
          size="xs"
          label={t("ticket.linkFind")}
          maxLength={100}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {found.map((one) => (
          <Group key={one.id} justify="space-between" wrap="nowrap">
            <Text size="sm" truncate>
              #{one.number} {one.subject}
            </Text>
            <Group gap={4} wrap="nowrap">
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => {
                  setText("");
                  void run(() => linkTicket(ticket.id, "ticket", one.id));
                }}
              >
                {t("ticket.link")}
              </Button>
              <Button
                size="compact-xs"
                variant="default"
                onClick={() => {
                  setText("");
                  void run(() => mergeTicket(ticket.id, one.id, ticket.version)).then(
                    (done) => done && onShow(one.id),
                  );
                }}
              >
                {t("ticket.mergeInto")}
              </Button>
            </Group>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}

export function Talk({ ticket, run }: Part) {
  const { t } = useTranslation();
  const kept = useKeptForm(`ticket-talk-${ticket.id}`, "");
  const [text, setText] = useState(kept.first);
  const [open, setOpen] = useState(false);
  const change = (next: string) => {
    setText(next);
    kept.keep(next);
  };
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Textarea
          label={t("ticket.comment")}
          autosize
          minRows={2}
          maxRows={12}
          maxLength={8_000}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
        <Group>
          <Checkbox
            label={t("ticket.public")}
            checked={open}
            onChange={(event) => setOpen(event.currentTarget.checked)}
          />
          <Button
            size="xs"
            disabled={text.trim() === ""}
            onClick={() =>
              void run(() => commentTicket(ticket.id, { text, public: open })).then(
                (done) => done && change(""),
              )
            }
          >
            {t("ticket.say")}
          </Button>
          <InsertArticle
            onLink={(link) => change(text === "" ? link : `${text.trimEnd()}\n${link}`)}
          />
        </Group>
      </Stack>
    </Card>
  );
}
