// The form of a new ticket; from a call it begins with the customer and keeps the link. What is typed stays
// over a reload, and over the call that comes in between.
import { Button, Group, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { nameOf, useChoices, useLanguage } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { createTicket, type TicketBody, type TicketRead } from "@/wire/crm";
import { ApiError } from "@/wire/rest";
import { OwnFields } from "./own_fields";
import { PRIORITIES, useTicketTypes } from "./ticket_words";

interface Props {
  customer: { id: string; name: string } | null;
  call?: string;
  owner: string | null;
  draft: string;
  onMade: (ticket: TicketRead) => void;
  onCancel: () => void;
}

export function NewTicket({ customer, call = "", owner, draft, onMade, onCancel }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { agent_names } = useChoices();
  const types = useTicketTypes().filter(({ active }) => active);
  const start: TicketBody = {
    type: "question",
    subject: "",
    description: "",
    customer: customer?.id ?? null,
    priority: 1,
    owner_agent: owner,
    queue: null,
    fields: {},
    call,
  };
  const kept = useKeptForm(draft, start);
  const [value, setValue] = useState(kept.first);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<TicketBody>) => {
    const next = { ...value, ...part };
    setValue(next);
    kept.keep(next);
  };
  const type = types.find(({ code }) => code === value.type) ?? types[0];
  const flaws = error instanceof ApiError ? error.fields : {};
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const made = await createTicket({ ...value, type: type?.code ?? value.type });
      kept.forget();
      onMade(made);
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm" data-testid="new-ticket">
        {customer !== null && <Text fw={600}>{customer.name}</Text>}
        <Group grow>
          <Select
            label={t("ticket.type")}
            allowDeselect={false}
            data={types.map((one) => ({ value: one.code, label: nameOf(one, language) }))}
            value={type?.code ?? null}
            onChange={(code) => change({ type: code ?? "", fields: {} })}
          />
          <Select
            label={t("ticket.priority")}
            allowDeselect={false}
            data={PRIORITIES.map((one) => ({ value: String(one), label: t(`priority.${one}`) }))}
            value={String(value.priority)}
            onChange={(one) => change({ priority: Number(one) })}
          />
        </Group>
        <TextInput
          label={t("ticket.subject")}
          required
          maxLength={200}
          error={flaws.subject}
          value={value.subject}
          onChange={(event) => change({ subject: event.currentTarget.value })}
        />
        <Textarea
          label={t("ticket.description")}
          autosize
          minRows={3}
          maxRows={12}
          maxLength={20_000}
          value={value.description ?? ""}
          onChange={(event) => change({ description: event.currentTarget.value })}
        />
        <OwnFields
          fields={type?.fields ?? []}
          values={value.fields ?? {}}
          errors={ownFlaws(flaws)}
          onChange={(fields) => change({ fields })}
        />
        <Select
          label={t("ticket.owner")}
          clearable
          searchable
          data={Object.entries(agent_names).map(([id, label]) => ({ value: id, label }))}
          value={value.owner_agent ?? null}
          onChange={(owner_agent) => change({ owner_agent })}
        />
        {error !== null && <Failure error={error} />}
        <Group>
          <Button type="submit" loading={busy}>
            {t("ticket.create")}
          </Button>
          <Button variant="default" onClick={onCancel}>
            {t("action.cancel")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function ownFlaws(flaws: Record<string, string>): Record<string, string> {
  const own = Object.entries(flaws).filter(([where]) => where.startsWith("fields."));
  return Object.fromEntries(own.map(([where, said]) => [where.slice(7), said]));
}
