// The day, and what is otherwise on it.
import {
  ActionIcon,
  Button,
  Card,
  Group,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { IconPlayerPlay, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useChoices } from "@/state/choices";
import { listAgents } from "@/wire/rest";
import {
  CHANGES_MAX,
  changeFlaw,
  freshChange,
  INTERVALS,
  KINDS,
  type TypedChange,
  type WhatIfValues,
} from "./what_if_values";

const SKILL_MAX = 10;
const COUNT_MAX = 200;

export function WhatIfForm({
  values,
  tried,
  busy,
  onChange,
  onAsk,
}: {
  values: WhatIfValues;
  tried: boolean;
  busy: boolean;
  onChange: (part: Partial<WhatIfValues>) => void;
  onAsk: () => void;
}) {
  const { t } = useTranslation();
  const { queues } = useChoices();
  const change = (key: string, part: Partial<TypedChange>) =>
    onChange({
      changes: values.changes.map((one) => (one.key === key ? { ...one, ...part } : one)),
    });
  return (
    <form
      data-testid="what-if-form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onAsk();
      }}
    >
      <Stack gap="md">
        <Card withBorder>
          <Stack gap="sm">
            <SegmentedControl
              fullWidth
              aria-label={t("whatIf.source")}
              value={values.source}
              data={[
                { value: "forecast", label: t("whatIf.forecast") },
                { value: "logged", label: t("whatIf.logged") },
              ]}
              onChange={(source) => onChange({ source: source as WhatIfValues["source"] })}
            />
            <Group grow align="start">
              <TextInput
                type="date"
                label={t("whatIf.day")}
                value={values.day}
                error={tried && values.day === "" && t("whatIfFlaw.day")}
                onChange={({ currentTarget: { value } }) => onChange({ day: value })}
              />
              <Select
                label={t("staff.minutes")}
                allowDeselect={false}
                value={values.interval}
                data={INTERVALS.map((value) => ({ value, label: t(`whatIfInterval.${value}`) }))}
                onChange={(interval) =>
                  onChange({ interval: (interval ?? "30min") as WhatIfValues["interval"] })
                }
              />
            </Group>
            <MultiSelect
              label={t("whatIf.queues")}
              placeholder={values.queues.length === 0 ? t("plan.allQueues") : ""}
              clearable
              searchable
              value={values.queues}
              data={queues.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(chosen) => onChange({ queues: chosen })}
            />
          </Stack>
        </Card>
        <Title order={3} size="h5">
          {t("whatIf.changes")}
        </Title>
        {values.changes.length === 0 && (
          <Text size="sm" c="dimmed">
            {t("whatIf.noChanges")}
          </Text>
        )}
        {values.changes.map((one) => (
          <ChangeCard
            key={one.key}
            change={one}
            tried={tried}
            onChange={(part) => change(one.key, part)}
            onRemove={() =>
              onChange({ changes: values.changes.filter(({ key }) => key !== one.key) })
            }
          />
        ))}
        <Group justify="space-between">
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            disabled={values.changes.length >= CHANGES_MAX}
            onClick={() =>
              onChange({ changes: [...values.changes, freshChange(crypto.randomUUID())] })
            }
          >
            {t("whatIf.add")}
          </Button>
          <Button type="submit" loading={busy} leftSection={<IconPlayerPlay size={18} />}>
            {t("whatIf.ask")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function ChangeCard({
  change,
  tried,
  onChange,
  onRemove,
}: {
  change: TypedChange;
  tried: boolean;
  onChange: (part: Partial<TypedChange>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const flaw = tried ? changeFlaw(change) : null;
  return (
    <Card withBorder data-testid="what-if-change">
      <Stack gap="sm">
        <Group wrap="nowrap" align="end">
          <Select
            label={t("whatIf.kind")}
            allowDeselect={false}
            style={{ flex: 1 }}
            value={change.kind}
            data={KINDS.map((value) => ({ value, label: t(`whatIfKind.${value}`) }))}
            onChange={(kind) => onChange({ kind: (kind ?? "agents") as TypedChange["kind"] })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            mb={4}
            aria-label={t("whatIf.remove")}
            onClick={onRemove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        <Group grow align="start">
          <TextInput
            label={t("whatIf.begins")}
            placeholder="11:00"
            value={change.begins}
            error={(flaw === "time" || flaw === "order") && t(`whatIfFlaw.${flaw}`)}
            onChange={({ currentTarget: { value } }) => onChange({ begins: value.trim() })}
          />
          <TextInput
            label={t("whatIf.ends")}
            placeholder="24:00"
            value={change.ends}
            onChange={({ currentTarget: { value } }) => onChange({ ends: value.trim() })}
          />
        </Group>
        <KindFields change={change} flaw={flaw} onChange={onChange} />
      </Stack>
    </Card>
  );
}

function KindFields({
  change,
  flaw,
  onChange,
}: {
  change: TypedChange;
  flaw: ReturnType<typeof changeFlaw>;
  onChange: (part: Partial<TypedChange>) => void;
}) {
  const { t } = useTranslation();
  const { queues } = useChoices();
  const agents = useQuery({ queryKey: ["admin", "agents"], queryFn: listAgents });
  const skills = [...new Set((agents.data ?? []).flatMap((one) => Object.keys(one.skills ?? {})))];
  const ofQueues = queues.map(({ id, name }) => ({ value: id, label: name }));
  if (change.kind === "agents") {
    return (
      <Group grow align="start">
        <NumberInput
          label={t("whatIf.count")}
          description={t("whatIf.countHint")}
          min={-COUNT_MAX}
          max={COUNT_MAX}
          value={change.count}
          error={flaw === "count" && t("whatIfFlaw.count")}
          onChange={(count) => onChange({ count: Number(count) || 0 })}
        />
        <Select
          label={t("whatIf.queue")}
          description={t("whatIf.queueHint")}
          clearable
          searchable
          placeholder={t("whatIf.anyQueue")}
          value={change.queue || null}
          data={ofQueues}
          onChange={(queue) => onChange({ queue: queue ?? "" })}
        />
      </Group>
    );
  }
  return (
    <>
      <Select
        label={t("whatIf.agent")}
        searchable
        nothingFoundMessage={t("plan.nobody")}
        value={change.agent || null}
        error={flaw === "agent" && t("whatIfFlaw.agent")}
        data={(agents.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(agent) => onChange({ agent: agent ?? "" })}
      />
      {change.kind === "skill" && (
        <Group grow align="start">
          <TextInput
            label={t("whatIf.skill")}
            list="what-if-skills"
            maxLength={32}
            value={change.skill}
            error={flaw === "skill" && t("whatIfFlaw.skill")}
            onChange={({ currentTarget: { value } }) => onChange({ skill: value })}
          />
          <NumberInput
            label={t("whatIf.level")}
            description={t("whatIf.levelHint")}
            min={0}
            max={SKILL_MAX}
            value={change.level}
            onChange={(level) => onChange({ level: Number(level) || 0 })}
          />
          <datalist id="what-if-skills">
            {skills.map((skill) => (
              <option key={skill} value={skill} />
            ))}
          </datalist>
        </Group>
      )}
      {change.kind === "queue" && (
        <Select
          label={t("whatIf.queue")}
          searchable
          value={change.queue || null}
          error={flaw === "queue" && t("whatIfFlaw.queue")}
          data={ofQueues}
          onChange={(queue) => onChange({ queue: queue ?? "" })}
        />
      )}
      {change.kind !== "skill" && (
        <Switch
          label={t(change.kind === "agent" ? "whatIf.isThere" : "whatIf.serves")}
          checked={change.on}
          onChange={({ currentTarget: { checked } }) => onChange({ on: checked })}
        />
      )}
    </>
  );
}
