// One queue: name, how it rings, the service goal, the wrap-up, and who serves it in which order.
import {
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { type AgentEntry, ApiError, type QueueBody, type QueueEntry } from "@/wire/rest";
import { idFrom } from "./directory";

type Strategy = NonNullable<QueueBody["strategy"]>;
type WrapUpMode = NonNullable<QueueBody["wrap_up_mode"]>;

const STRATEGIES: Strategy[] = [
  "longest-idle",
  "most-skilled",
  "least-occupied",
  "linear",
  "round-robin",
  "random",
];
const WRAP_UP_MODES: WrapUpMode[] = ["optional", "mandatory", "timed", "timed-extendable"];

interface Values {
  id: string;
  name: string;
  strategy: Strategy;
  ring_seconds: number;
  service_level_percent: number;
  service_level_seconds: number;
  wrap_up_mode: WrapUpMode;
  wrap_up_seconds: number;
  auto_answer: boolean;
  enabled: boolean;
  members: string[];
}

interface Props {
  queue: QueueEntry | null;
  agents: AgentEntry[];
  onSave: (id: string, body: QueueBody, members: string[]) => Promise<void>;
}

function valuesOf(queue: QueueEntry | null): Values {
  return {
    id: queue?.id ?? "",
    name: queue?.name ?? "",
    strategy: queue?.strategy ?? "longest-idle",
    ring_seconds: queue?.ring_seconds ?? 20,
    service_level_percent: queue?.service_level_percent ?? 80,
    service_level_seconds: queue?.service_level_seconds ?? 20,
    wrap_up_mode: queue?.wrap_up_mode ?? "timed-extendable",
    wrap_up_seconds: queue?.wrap_up_seconds ?? 30,
    auto_answer: queue?.auto_answer ?? false,
    enabled: queue?.enabled ?? true,
    members: queue?.members ?? [],
  };
}

export function QueueForm({ queue, agents, onSave }: Props) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm<Values>({
    initialValues: valuesOf(queue),
    validate: {
      name: (name) => (name.trim() === "" ? t("admin.queueNameMissing") : null),
      id: (id, all) =>
        /^[a-z0-9]{1,32}$/.test(id || idFrom(all.name)) ? null : t("admin.idWrong"),
    },
  });
  const submit = async ({ id: typed, members, ...values }: Values) => {
    setError(null);
    const { id: _, members: __, ...kept } = queue ?? { id: "", members: [] };
    try {
      await onSave(typed || idFrom(values.name), { ...kept, ...values }, members);
    } catch (problem) {
      if (problem instanceof ApiError) form.setErrors(problem.fields);
      setError(problem);
    }
  };
  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput
            label={t("admin.queueName")}
            maxLength={120}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <TextInput
            label={t("admin.queueId")}
            placeholder={idFrom(form.values.name)}
            disabled={queue !== null}
            maxLength={32}
            {...form.getInputProps("id")}
          />
        </Group>
        <Group grow align="flex-start">
          <Select
            label={t("admin.strategy")}
            allowDeselect={false}
            data={STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
            {...form.getInputProps("strategy")}
          />
          <Select
            label={t("admin.wrapUpMode")}
            allowDeselect={false}
            data={WRAP_UP_MODES.map((value) => ({ value, label: t(`wrapUpMode.${value}`) }))}
            {...form.getInputProps("wrap_up_mode")}
          />
        </Group>
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
          <NumberInput
            label={t("admin.ringSeconds")}
            min={3}
            max={120}
            {...form.getInputProps("ring_seconds")}
          />
          <NumberInput
            label={t("admin.wrapUpSeconds")}
            min={0}
            max={3600}
            {...form.getInputProps("wrap_up_seconds")}
          />
          <NumberInput
            label={t("admin.goalPercent")}
            min={1}
            max={100}
            {...form.getInputProps("service_level_percent")}
          />
          <NumberInput
            label={t("admin.goalSeconds")}
            min={1}
            max={3600}
            {...form.getInputProps("service_level_seconds")}
          />
        </SimpleGrid>
        <MultiSelect
          label={t("admin.members")}
          description={t("admin.membersHint")}
          searchable
          data={agents.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps("members")}
        />
        <Group>
          <Checkbox
            label={t("admin.autoAnswer")}
            {...form.getInputProps("auto_answer", { type: "checkbox" })}
          />
          <Checkbox
            label={t("admin.enabled")}
            {...form.getInputProps("enabled", { type: "checkbox" })}
          />
        </Group>
        {error !== null && <Failure error={error} />}
        <Button type="submit" loading={form.submitting}>
          {queue === null ? t("admin.create") : t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}
