// A webhook's name, address and events; what was typed stays until it is saved.
import { Button, Checkbox, Group, Modal, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useKeptForm } from "@/state/kept_form";
import { changeWebhook, type EventKind, makeWebhook, type Webhook } from "@/wire/connections";
import { ApiError } from "@/wire/rest";

interface Draft {
  name: string;
  url: string;
  events: EventKind[];
}

interface Props {
  webhook: Webhook | null;
  kinds: EventKind[];
  onClose(): void;
  /** With the secret of a new one. */
  onDone(secret: string | null): void;
}

export function WebhookForm({ webhook, kinds, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const kept = useKeptForm<Draft>(`webhook-${webhook?.id ?? "new"}`, {
    name: webhook?.name ?? "",
    url: webhook?.url ?? "https://",
    events: (webhook?.events ?? []) as EventKind[],
  });
  const [draft, setDraft] = useState(kept.first);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const wrong = error instanceof ApiError ? error.fields.url : undefined;
  const put = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    kept.keep(next);
  };
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      if (webhook === null) {
        const made = await makeWebhook(draft);
        kept.forget();
        onDone(made.secret);
      } else {
        const { active, version } = webhook;
        await changeWebhook(webhook.id, { ...draft, active, version });
        kept.forget();
        onDone(null);
      }
    } catch (problem) {
      setError(problem);
      setBusy(false);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>{t(webhook === null ? "webhook.new" : "webhook.change")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          {error !== null && wrong === undefined && <Failure error={error} />}
          <TextInput
            label={t("webhook.name")}
            required
            maxLength={80}
            data-autofocus
            value={draft.name}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t("webhook.url")}
            description={t("webhook.urlHint")}
            required
            maxLength={1000}
            type="url"
            error={wrong}
            value={draft.url}
            onChange={(event) => put({ url: event.currentTarget.value })}
          />
          <Checkbox.Group
            label={t("webhook.events")}
            required
            value={draft.events}
            onChange={(chosen) => put({ events: chosen as EventKind[] })}
          >
            <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={6} mt="xs">
              {kinds.map((kind) => (
                <Checkbox key={kind} value={kind} label={t(`event.${kind}`)} description={kind} />
              ))}
            </SimpleGrid>
          </Checkbox.Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button
              type="submit"
              loading={busy}
              disabled={draft.name.trim() === "" || draft.events.length === 0}
            >
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
