// What a ticket is about, to be changed; what is typed is kept until it is saved.
import { Button, Card, Group, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ownFlaws } from "@/components/crm/new_ticket";
import { OwnFields } from "@/components/crm/own_fields";
import { PRIORITIES } from "@/components/crm/ticket_words";
import { useChoices } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { changeTicket, type TicketPatch } from "@/wire/crm";
import { ApiError } from "@/wire/rest";
import type { Part } from "./part";

export function Facts({ ticket, type, run, error }: Part & { error: unknown }) {
  const { t } = useTranslation();
  const { agent_names } = useChoices();
  const start = {
    subject: ticket.subject,
    description: ticket.description,
    priority: ticket.priority,
    owner_agent: ticket.owner_agent,
    fields: ticket.fields as Record<string, unknown>,
  };
  const kept = useKeptForm(`ticket-${ticket.id}`, start);
  const [value, setValue] = useState(kept.first);
  const change = (part: Partial<typeof start>) => {
    const next = { ...value, ...part };
    setValue(next);
    kept.keep(next);
  };
  const dirty = JSON.stringify(value) !== JSON.stringify(start);
  const save = async () => {
    const patch: TicketPatch = { ...value, version: ticket.version };
    if (await run(() => changeTicket(ticket.id, patch))) kept.forget();
  };
  const flaws = error instanceof ApiError ? error.fields : {};
  return (
    <Card withBorder>
      <Stack gap="sm">
        <TextInput
          label={t("ticket.subject")}
          maxLength={200}
          error={flaws.subject}
          value={value.subject}
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
        <Textarea
          label={t("ticket.description")}
          autosize
          minRows={2}
          maxRows={14}
          maxLength={20_000}
          value={value.description}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <Group grow>
          <Select
            label={t("ticket.priority")}
            allowDeselect={false}
            data={PRIORITIES.map((one) => ({ value: String(one), label: t(`priority.${one}`) }))}
            value={String(value.priority)}
            onChange={(one) => change({ priority: Number(one) })}
          />
          <Select
            label={t("ticket.owner")}
            clearable
            searchable
            data={Object.entries(agent_names).map(([id, label]) => ({ value: id, label }))}
            value={value.owner_agent}
            onChange={(owner_agent) => change({ owner_agent })}
          />
        </Group>
        <OwnFields
          fields={type?.fields ?? []}
          values={value.fields}
          errors={ownFlaws(flaws)}
          onChange={(fields) => change({ fields })}
        />
        {dirty && (
          <Group>
            <Button size="xs" onClick={() => void save()}>
              {t("action.save")}
            </Button>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setValue(start);
                kept.forget();
              }}
            >
              {t("action.cancel")}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}
