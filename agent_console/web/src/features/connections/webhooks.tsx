// Webhooks: who is told of what, how it stands, and what can be done about it.
import { Alert, Badge, Button, Card, Group, Modal, Stack, Switch, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows, useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import {
  changeWebhook,
  type EventKind,
  listWebhooks,
  removeWebhook,
  renewSecret,
  resumeWebhook,
  testWebhook,
  type Webhook,
} from "@/wire/connections";
import { useMoment } from "./moments";
import { ShownOnce } from "./shown_once";
import { WebhookForm } from "./webhook_form";
import { WebhookLog } from "./webhook_log";

const QUERY = ["connections", "webhooks"];
const EVERY_MS = 5_000;

export function Webhooks() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({ queryKey: QUERY, queryFn: listWebhooks, refetchInterval: EVERY_MS });
  const [editing, setEditing] = useState<Webhook | "new" | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const [log, setLog] = useState<Webhook | null>(null);
  if (query.data === undefined) {
    if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
    return <Rows count={3} height={110} />;
  }
  const changed = () => void client.invalidateQueries({ queryKey: QUERY });
  const done = (made: string | null) => {
    setEditing(null);
    setSecret(made);
    changed();
  };
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {t("webhook.hint")}
        </Text>
        <Button
          style={{ flex: "none" }}
          leftSection={<IconPlus size={16} />}
          onClick={() => setEditing("new")}
        >
          {t("webhook.new")}
        </Button>
      </Group>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.data.items.length === 0 && (
        <Card withBorder>
          <Empty icon={IconWebhook} title={t("webhook.none")} hint={t("webhook.noneHint")} />
        </Card>
      )}
      {query.data.items.map((one) => (
        <Card withBorder key={one.id} data-webhook={one.id}>
          <Entry
            one={one}
            onEdit={() => setEditing(one)}
            onLog={() => setLog(one)}
            onSecret={setSecret}
            onChanged={changed}
          />
        </Card>
      ))}
      {editing !== null && (
        <WebhookForm
          webhook={editing === "new" ? null : editing}
          kinds={query.data.kinds}
          onClose={() => setEditing(null)}
          onDone={done}
        />
      )}
      {secret !== null && (
        <ShownOnce
          title={t("webhook.secret")}
          hint={t("webhook.secretHint")}
          secret={secret}
          onClose={() => setSecret(null)}
        />
      )}
      {log !== null && <WebhookLog webhook={log} onClose={() => setLog(null)} />}
    </Stack>
  );
}

interface EntryProps {
  one: Webhook;
  onEdit(): void;
  onLog(): void;
  onSecret(secret: string): void;
  onChanged(): void;
}

function Entry({ one, onEdit, onLog, onSecret, onChanged }: EntryProps) {
  const { t } = useTranslation();
  const at = useMoment();
  const words = useErrorText();
  const [removing, setRemoving] = useState(false);
  const run = async (work: Promise<unknown>, message: string) => {
    try {
      await work;
      notify({ color: "green", message });
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    }
    onChanged();
  };
  const turn = (active: boolean) => {
    const { id, name, url, version } = one;
    const events = one.events as EventKind[];
    const message = t(active ? "webhook.on" : "webhook.off", { name });
    void run(changeWebhook(id, { name, url, events, version, active }), message);
  };
  const renew = async () => {
    try {
      onSecret((await renewSecret(one.id)).secret);
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    }
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {one.name}
          </Text>
          <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {one.url}
          </Text>
        </div>
        <Group wrap="nowrap" style={{ flex: "none" }}>
          <StateBadge one={one} />
          <Switch
            checked={one.active}
            aria-label={t("webhook.active", { name: one.name })}
            onChange={(event) => turn(event.currentTarget.checked)}
          />
        </Group>
      </Group>
      <Text size="sm">{one.events.map((kind) => t(`event.${kind as EventKind}`)).join(" · ")}</Text>
      {one.paused !== null && (
        <Alert
          color="red"
          variant="light"
          icon={<IconAlertTriangle />}
          title={t("webhook.pausedSince", { at: at(one.paused) })}
        >
          <Group justify="space-between">
            <Text size="sm">
              {one.paused_reason} {t("webhook.waiting", { count: one.waiting })}
            </Text>
            <Button
              size="xs"
              onClick={() =>
                void run(resumeWebhook(one.id), t("webhook.resumed", { name: one.name }))
              }
            >
              {t("webhook.resume")}
            </Button>
          </Group>
        </Alert>
      )}
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={onLog}>
          {t("webhook.log")}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void run(testWebhook(one.id), t("webhook.tested"))}
        >
          {t("webhook.test")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onEdit}>
          {t("action.edit")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={() => void renew()}>
          {t("webhook.renew")}
        </Button>
        <Button size="compact-sm" color="red" variant="light" onClick={() => setRemoving(true)}>
          {t("webhook.remove")}
        </Button>
      </Group>
      <Modal
        opened={removing}
        onClose={() => setRemoving(false)}
        title={<Text fw={650}>{t("webhook.removeTitle", { name: one.name })}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        <Text mb="md">{t("webhook.removeHint", { count: one.waiting })}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => setRemoving(false)}>
            {t("action.cancel")}
          </Button>
          <Button
            color="red"
            onClick={() =>
              void run(removeWebhook(one.id), t("webhook.removed", { name: one.name }))
            }
          >
            {t("webhook.remove")}
          </Button>
        </Group>
      </Modal>
    </Stack>
  );
}

function StateBadge({ one }: { one: Webhook }) {
  const { t } = useTranslation();
  const [color, words] = !one.active
    ? ["gray", t("webhook.stateOff")]
    : one.paused !== null
      ? ["red", t("webhook.statePaused")]
      : one.failures > 0
        ? ["yellow", t("webhook.stateFailing", { count: one.failures })]
        : ["green", t("webhook.stateWell")];
  return (
    <Badge color={color} className="cc-badge" data-testid="webhook-state">
      {words}
    </Badge>
  );
}
