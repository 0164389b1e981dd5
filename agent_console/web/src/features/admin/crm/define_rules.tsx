// The forms of macros and follow-up plans.
import {
  ActionIcon,
  Button,
  Checkbox,
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ticketTypesQuery } from "@/components/crm/ticket_words";
import { nameOf, useChoices, useLanguage } from "@/state/choices";
import type { MacroRead, PlanRead } from "@/wire/crm";
import type { BodyProps } from "./define_bodies";

type Macro = MacroRead["value"];
type Plan = PlanRead["value"];

function useTypes() {
  const language = useLanguage();
  const types = useQuery(ticketTypesQuery).data ?? [];
  return {
    types,
    options: types.map(({ code, value }) => ({
      value: code,
      label: nameOf({ ...value, code }, language),
    })),
  };
}

export function MacroBody({ value, onChange }: BodyProps<Macro>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { agent_names } = useChoices();
  const { types, options } = useTypes();
  const change = (part: Partial<Macro>) => onChange({ ...value, ...part });
  const chosen = types.filter(({ code }) => value.types.length === 0 || value.types.includes(code));
  const stages = new Map(
    chosen.flatMap((type) =>
      type.value.stages.map((stage) => [stage.code, nameOf(stage, language)]),
    ),
  );
  return (
    <Stack gap="sm">
      <MultiSelect
        label={t("define.forTypes")}
        placeholder={value.types.length === 0 ? t("define.allTypes") : ""}
        clearable
        data={options}
        value={[...value.types]}
        onChange={(next) => change({ types: next })}
      />
      <Group grow align="flex-start">
        <Select
          label={t("define.toStage")}
          placeholder={t("define.unchanged")}
          clearable
          data={[...stages].map(([code, label]) => ({ value: code, label }))}
          value={value.stage || null}
          onChange={(stage) => change({ stage: stage ?? "" })}
        />
        <Select
          label={t("define.toPriority")}
          placeholder={t("define.unchanged")}
          clearable
          data={([0, 1, 2, 3] as const).map((one) => ({
            value: String(one),
            label: t(`priority.${one}`),
          }))}
          value={value.priority === null ? null : String(value.priority)}
          onChange={(one) => change({ priority: one === null ? null : Number(one) })}
        />
        <Select
          label={t("define.toOwner")}
          placeholder={t("define.unchanged")}
          clearable
          searchable
          data={Object.entries(agent_names).map(([id, name]) => ({ value: id, label: name }))}
          value={value.owner_agent || null}
          onChange={(agent) => change({ owner_agent: agent ?? "" })}
        />
      </Group>
      <TextInput
        label={t("define.reason")}
        maxLength={2_000}
        value={value.reason}
        onChange={(event) => change({ reason: event.currentTarget.value })}
      />
      <Textarea
        label={t("define.comment")}
        autosize
        minRows={2}
        maxLength={8_000}
        value={value.comment}
        onChange={(event) => change({ comment: event.currentTarget.value })}
      />
      <Checkbox
        label={t("define.public")}
        checked={value.public}
        onChange={(event) => change({ public: event.currentTarget.checked })}
      />
    </Stack>
  );
}

const TRIGGERS = ["ticket_created", "ticket_solved", "ticket_closed"] as const;
const OWNERS = ["ticket_owner", "customer_owner", "nobody"] as const;
type PlanStep = Plan["steps"][number];
const STEP: PlanStep = {
  after_days: 3,
  kind: "call",
  title: "",
  title_zh: "",
  repeat_days: 0,
  times: 1,
};

export function PlanBody({ value, onChange }: BodyProps<Plan>) {
  const { t } = useTranslation();
  const { options } = useTypes();
  const change = (part: Partial<Plan>) => onChange({ ...value, ...part });
  return (
    <Stack gap="sm">
      <Group grow align="flex-start">
        <Select
          label={t("define.trigger")}
          allowDeselect={false}
          data={TRIGGERS.map((one) => ({ value: one, label: t(`planTrigger.${one}`) }))}
          value={value.trigger}
          onChange={(one) =>
            change({ trigger: TRIGGERS.find((known) => known === one) ?? "ticket_closed" })
          }
        />
        <Select
          label={t("define.forTypes")}
          placeholder={t("define.allTypes")}
          clearable
          data={options}
          value={value.ticket_type || null}
          onChange={(one) => change({ ticket_type: one ?? "" })}
        />
        <Select
          label={t("define.planOwner")}
          allowDeselect={false}
          data={OWNERS.map((one) => ({ value: one, label: t(`planOwner.${one}`) }))}
          value={value.owner}
          onChange={(one) =>
            change({ owner: OWNERS.find((known) => known === one) ?? "ticket_owner" })
          }
        />
      </Group>
      <Checkbox
        label={t("define.active")}
        checked={value.active}
        onChange={(event) => change({ active: event.currentTarget.checked })}
      />
      <PlanSteps steps={value.steps} onChange={(steps) => change({ steps })} />
    </Stack>
  );
}

function PlanSteps({
  steps,
  onChange,
}: {
  steps: readonly PlanStep[];
  onChange: (steps: PlanStep[]) => void;
}) {
  const { t } = useTranslation();
  const put = (at: number, part: Partial<PlanStep>) =>
    onChange(steps.map((step, place) => (place === at ? { ...step, ...part } : step)));
  const number = (typed: number | string) => Math.max(0, Math.round(Number(typed) || 0));
  return (
    <Fieldset legend={t("define.planSteps")}>
      <Stack gap="sm">
        {steps.map((step, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
          <Group key={at} gap="xs" align="flex-end">
            <NumberInput
              label={t("define.afterDays")}
              w={110}
              min={0}
              max={3_650}
              value={step.after_days}
              onChange={(typed) => put(at, { after_days: number(typed) })}
            />
            <Select
              label={t("define.kind")}
              w={150}
              allowDeselect={false}
              data={[
                { value: "call", label: t("taskKind.call") },
                { value: "task", label: t("taskKind.task") },
              ]}
              value={step.kind}
              onChange={(kind) => put(at, { kind: kind === "task" ? "task" : "call" })}
            />
            <TextInput
              label={t("define.name")}
              required
              flex="1 1 120px"
              maxLength={80}
              value={step.title}
              onChange={(event) => put(at, { title: event.currentTarget.value })}
            />
            <TextInput
              label={t("define.nameZh")}
              flex="1 1 100px"
              maxLength={80}
              value={step.title_zh}
              onChange={(event) => put(at, { title_zh: event.currentTarget.value })}
            />
            <NumberInput
              label={t("define.repeatDays")}
              w={120}
              min={0}
              max={3_650}
              value={step.repeat_days}
              onChange={(typed) => put(at, { repeat_days: number(typed) })}
            />
            <NumberInput
              label={t("define.times")}
              w={80}
              min={1}
              max={24}
              value={step.times}
              onChange={(typed) => put(at, { times: Math.max(1, number(typed)) })}
            />
            <ActionIcon
              size={36}
              variant="subtle"
              color="red"
              disabled={steps.length === 1}
              aria-label={t("define.stageRemove", { name: step.title })}
              onClick={() => onChange(steps.filter((_, place) => place !== at))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        ))}
        <Group>
          <Button
            size="xs"
            variant="light"
            leftSection={<IconPlus size={14} />}
            disabled={steps.length >= 20}
            onClick={() => onChange([...steps, STEP])}
          >
            {t("define.new")}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}
