// The stages of a kind of tickets: where a ticket may go from each, what it needs to get there, and how
// long it may stay.
import {
  ActionIcon,
  Button,
  Card,
  Checkbox,
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  TextInput,
} from "@mantine/core";
import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { nameOf, useLanguage } from "@/state/choices";
import type { TicketType } from "@/wire/crm";

type Stage = TicketType["stages"][number];
const KINDS = ["open", "waiting", "solved", "closed"] as const;
const STAGES_MAX = 30;

interface Props {
  type: TicketType;
  onChange: (stages: Stage[]) => void;
}

export function StagesEditor({ type, onChange }: Props) {
  const { t } = useTranslation();
  const { stages } = type;
  const put = (at: number, stage: Stage) =>
    onChange(stages.map((one, place) => (place === at ? stage : one)));
  const up = (at: number) => {
    const next = [...stages];
    const [one] = next.splice(at, 1);
    if (one !== undefined) next.splice(at - 1, 0, one);
    onChange(next);
  };
  return (
    <Fieldset legend={t("define.stages")}>
      <Stack gap="sm">
        {stages.map((stage, at) => (
          <StageCard
            // biome-ignore lint/suspicious/noArrayIndexKey: the code changes while it is typed
            key={at}
            type={type}
            stage={stage}
            onChange={(next) => put(at, next)}
            onUp={at === 0 ? undefined : () => up(at)}
            onRemove={() => onChange(stages.filter((_, place) => place !== at))}
          />
        ))}
        <Group>
          <Button
            size="xs"
            variant="light"
            leftSection={<IconPlus size={14} />}
            disabled={stages.length >= STAGES_MAX}
            onClick={() => onChange([...stages, newStage(stages.length + 1)])}
          >
            {t("define.stageNew")}
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

const newStage = (number: number): Stage => ({
  code: `stage-${number}`,
  name: "",
  name_zh: "",
  kind: "open",
  next: [],
  needs: [],
  needs_reason: false,
  deadline_minutes: null,
});

function StageCard({
  type,
  stage,
  onChange,
  onUp,
  onRemove,
}: {
  type: TicketType;
  stage: Stage;
  onChange: (stage: Stage) => void;
  onUp: (() => void) | undefined;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const change = (part: Partial<Stage>) => onChange({ ...stage, ...part });
  const named = (items: readonly { code: string; name: string; name_zh: string }[]) =>
    items
      .filter(({ code }) => code !== "")
      .map((one) => ({ value: one.code, label: nameOf(one, language) }))
      .filter((one, at, all) => all.findIndex(({ value }) => value === one.value) === at);
  return (
    <Card withBorder padding="sm" data-testid="stage">
      <Stack gap="xs">
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t("define.code")}
            required
            w={120}
            pattern="[a-z0-9_\-]{1,32}"
            value={stage.code}
            onChange={(event) => change({ code: event.currentTarget.value })}
          />
          <TextInput
            label={t("define.name")}
            required
            flex="1 1 120px"
            maxLength={80}
            value={stage.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t("define.nameZh")}
            flex="1 1 100px"
            maxLength={80}
            value={stage.name_zh}
            onChange={(event) => change({ name_zh: event.currentTarget.value })}
          />
          <Select
            label={t("define.stageKind")}
            w={150}
            allowDeselect={false}
            data={KINDS.map((kind) => ({ value: kind, label: t(`stageKind.${kind}`) }))}
            value={stage.kind}
            onChange={(kind) => change({ kind: KINDS.find((one) => one === kind) ?? "open" })}
          />
          <ActionIcon
            size={36}
            variant="subtle"
            disabled={onUp === undefined}
            aria-label={t("define.stageUp", { name: stage.name })}
            onClick={onUp}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            size={36}
            variant="subtle"
            color="red"
            aria-label={t("define.stageRemove", { name: stage.name })}
            onClick={onRemove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        <Group grow align="flex-start">
          <MultiSelect
            label={t("define.stageNext")}
            data={named(type.stages.filter(({ code }) => code !== stage.code))}
            value={[...stage.next]}
            onChange={(next) => change({ next })}
          />
          <MultiSelect
            label={t("define.stageNeeds")}
            data={named(type.fields)}
            value={[...stage.needs]}
            onChange={(needs) => change({ needs })}
          />
          <NumberInput
            label={t("define.stageHours")}
            min={0}
            max={8_760}
            decimalScale={2}
            value={stage.deadline_minutes === null ? "" : stage.deadline_minutes / 60}
            onChange={(hours) => change({ deadline_minutes: minutesOf(hours) })}
          />
        </Group>
        <Checkbox
          label={t("define.stageReason")}
          checked={stage.needs_reason}
          onChange={(event) => change({ needs_reason: event.currentTarget.checked })}
        />
      </Stack>
    </Card>
  );
}

export function minutesOf(hours: number | string): number | null {
  const value = typeof hours === "number" ? hours : Number.parseFloat(hours);
  return Number.isFinite(value) && value > 0 ? Math.max(1, Math.round(value * 60)) : null;
}
