// One rule of an alert. What was typed stays until it is saved.
import {
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
  TextInput,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { METRICS, useTeams } from "@/components/floor/words";
import { useLanguage, useQueueNames } from "@/state/choices";
import { useConsole } from "@/state/console";
import type { AlertRule, AlertRuleBody } from "@/wire/floor";

interface Props {
  rule: AlertRule | null;
  mailReady: boolean;
  onSave: (body: AlertRuleBody) => Promise<void>;
}

export function RuleForm({ rule, mailReady, onSave }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const border = useConsole((state) => state.live.border);
  const queues = useQueueNames();
  const teams = useTeams();
  const [saving, setSaving] = useState(false);
  const [body, setBody] = useState<AlertRuleBody>({
    name: rule?.name ?? "",
    metric: rule?.metric ?? "waiting",
    operator: rule?.operator ?? "over",
    value: rule?.value ?? 5,
    seconds: rule?.seconds ?? 30,
    scope: rule?.scope ?? "queue",
    subject: rule?.subject ?? "",
    sound: rule?.sound ?? true,
    mail: rule?.mail ?? [],
    language: rule?.language ?? language,
    active: rule?.active ?? true,
    ...(rule === null ? {} : { version: rule.version }),
  });
  const put = (part: Partial<AlertRuleBody>) => setBody((now) => ({ ...now, ...part }));
  const place = `${body.scope}:${body.subject}`;
  const places = [
    ...(border === "everything" ? [{ value: "house:", label: t("alert.house") }] : []),
    ...(teams.data ?? []).map(({ id, name }) => ({
      value: `team:${id}`,
      label: `${t("alert.team")}: ${name}`,
    })),
    ...Object.entries(queues).map(([queue, name]) => ({
      value: `queue:${queue}`,
      label: `${t("alert.queue")}: ${name}`,
    })),
  ];
  const known = places.some(({ value }) => value === place);
  const ready = body.name.trim() !== "" && known;
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        if (!ready) return;
        setSaving(true);
        await onSave(body);
        setSaving(false);
      }}
    >
      <Stack>
        <TextInput
          label={t("alert.name")}
          maxLength={80}
          required
          data-autofocus
          value={body.name}
          onChange={(event) => put({ name: event.currentTarget.value })}
        />
        <Select
          label={t("alert.metric")}
          allowDeselect={false}
          data={METRICS.map((value) => ({ value, label: t(`metric.${value}`) }))}
          value={body.metric}
          onChange={(metric) => metric && put({ metric: metric as AlertRuleBody["metric"] })}
        />
        <Group grow align="flex-start">
          <Select
            label={t("alert.operator")}
            allowDeselect={false}
            data={[
              { value: "over", label: t("alert.over") },
              { value: "under", label: t("alert.under") },
            ]}
            value={body.operator}
            onChange={(operator) => put({ operator: operator === "under" ? "under" : "over" })}
          />
          <NumberInput
            label={t("alert.value")}
            min={0}
            max={1_000_000}
            value={body.value}
            onChange={(value) => put({ value: Number(value) || 0 })}
          />
          <NumberInput
            label={t("alert.seconds")}
            min={0}
            max={86_400}
            value={body.seconds ?? 0}
            onChange={(seconds) => put({ seconds: Number(seconds) || 0 })}
          />
        </Group>
        <Select
          label={t("alert.of")}
          searchable
          allowDeselect={false}
          data={places}
          value={known ? place : null}
          onChange={(chosen) => {
            const [scope, ...rest] = (chosen ?? "").split(":");
            put({ scope: scope as AlertRuleBody["scope"], subject: rest.join(":") });
          }}
        />
        <TagsInput
          label={t("alert.mail")}
          description={t(mailReady ? "alert.mailHint" : "alert.noMailServer")}
          maxTags={20}
          value={body.mail ?? []}
          onChange={(mail) => put({ mail })}
        />
        <Group>
          <Checkbox
            label={t("alert.sound")}
            checked={body.sound ?? true}
            onChange={(event) => put({ sound: event.currentTarget.checked })}
          />
          <Checkbox
            label={t("alert.active")}
            checked={body.active ?? true}
            onChange={(event) => put({ active: event.currentTarget.checked })}
          />
        </Group>
        <Text size="xs" c="dimmed">
          {t("alert.webhookHint")}
        </Text>
        <Button type="submit" loading={saving} disabled={!ready}>
          {t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}
