// The rules by which a queue calls its customers back: whether and who first, tries, caps, and the hours.
import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/state/choices";
import { type Language, LOCALES } from "@/state/format";
import type { QueueFormState } from "./queue_fields";
import { freshKey } from "./queue_values";

const BOUNDS = {
  tries_max: [1, 20],
  retry_minutes: [0.5, 1440],
  ring_seconds: [10, 120],
  ahead_seconds: [0, 600],
  at_once_max: [1, 100],
  waiting_max: [1, 10_000],
} as const;
const MODES = ["customer-first", "agent-first"] as const;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const USUAL = ["mon-fri", "mon-sat", "mon-sun", "sat-sun", ...DAYS];
const LINES_MAX = 20;

export function QueueCallback({ form, dialling }: { form: QueueFormState; dialling: boolean }) {
  const { t } = useTranslation();
  const rules = form.values.calling;
  return (
    <Stack gap="sm">
      {!dialling && (
        <Alert color="yellow" variant="light">
          <Text size="sm">{t("callbackRule.noTrunk")}</Text>
        </Alert>
      )}
      <Switch
        label={t("callbackRule.enabled")}
        description={t("callbackRule.enabledHint")}
        {...form.getInputProps("calling.enabled", { type: "checkbox" })}
      />
      <Select
        label={t("callbackRule.mode")}
        description={t(`callbackModeHint.${rules.mode}`)}
        allowDeselect={false}
        data={MODES.map((value) => ({ value, label: t(`callbackMode.${value}`) }))}
        {...form.getInputProps("calling.mode")}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <RuleFigure form={form} name="tries_max" />
        <RuleFigure form={form} name="retry_minutes" />
        <RuleFigure form={form} name="ring_seconds" />
        {rules.mode === "customer-first" && <RuleFigure form={form} name="ahead_seconds" />}
        <RuleFigure form={form} name="at_once_max" />
        <RuleFigure form={form} name="waiting_max" />
      </SimpleGrid>
      {rules.mode === "customer-first" && (
        <Checkbox
          label={t("callbackRule.confirm")}
          description={t("callbackRule.confirmHint")}
          {...form.getInputProps("calling.confirm", { type: "checkbox" })}
        />
      )}
      <Checkbox
        label={t("callbackRule.machine")}
        description={t("callbackRule.machineHint")}
        {...form.getInputProps("calling.detect_machine", { type: "checkbox" })}
      />
      <Hours form={form} />
      <TextInput
        label={t("callbackRule.customerHours")}
        description={t("callbackRule.customerHoursHint")}
        placeholder="08:00-21:00"
        maxLength={200}
        {...form.getInputProps("calling.customer_hours")}
      />
    </Stack>
  );
}

function RuleFigure({ form, name }: { form: QueueFormState; name: keyof typeof BOUNDS }) {
  const { t } = useTranslation();
  const [min, max] = BOUNDS[name];
  return (
    <NumberInput
      label={t(`callbackField.${name}`)}
      description={t(`callbackHint.${name}`)}
      min={min}
      max={max}
      allowDecimal={name === "retry_minutes"}
      decimalScale={1}
      inputWrapperOrder={["label", "description", "input", "error"]}
      {...form.getInputProps(`calling.${name}`)}
    />
  );
}

/** `mon-fri` as people read it; the fifth of January 2026 is a Monday. */
function daysName(days: string, language: Language): string {
  const words = new Intl.DateTimeFormat(LOCALES[language], {
    weekday: "short",
    timeZone: "UTC",
  });
  return days
    .split("-")
    .map((day) => words.format(new Date(Date.UTC(2026, 0, 5 + DAYS.indexOf(day)))))
    .join(" – ");
}

function Hours({ form }: { form: QueueFormState }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { hours, time_zone } = form.values.calling;
  const fresh = () => {
    const days = USUAL.find((one) => !hours.some((line) => line.days === one)) ?? "mon";
    form.insertListItem("calling.hours", { key: freshKey(), days, times: "09:00-18:00" });
  };
  return (
    <Stack gap="xs">
      <div>
        <Text size="sm" fw={500}>
          {t("callbackRule.hours")}
        </Text>
        <Text size="xs" c="dimmed">
          {t("callbackRule.hoursHint")}
        </Text>
      </div>
      {hours.map((line, place) => (
        <Group key={line.key} align="flex-start" wrap="nowrap">
          <Select
            aria-label={t("callbackRule.days")}
            allowDeselect={false}
            data={[...new Set([...USUAL, line.days])].map((value) => ({
              value,
              label: daysName(value, language),
            }))}
            {...form.getInputProps(`calling.hours.${place}.days`)}
          />
          <TextInput
            flex={1}
            aria-label={t("callbackRule.times")}
            maxLength={200}
            {...form.getInputProps(`calling.hours.${place}.times`)}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            size="lg"
            aria-label={t("callbackRule.removeHours")}
            onClick={() => form.removeListItem("calling.hours", place)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      {hours.length < LINES_MAX && (
        <Button
          variant="default"
          size="compact-sm"
          style={{ alignSelf: "flex-start" }}
          leftSection={<IconPlus size={14} />}
          onClick={fresh}
        >
          {t("callbackRule.addHours")}
        </Button>
      )}
      <Select
        label={t("callbackRule.timeZone")}
        description={t("callbackRule.timeZoneHint")}
        searchable
        allowDeselect={false}
        data={[...new Set(["UTC", time_zone || "UTC", ...Intl.supportedValuesOf("timeZone")])]}
        error={form.errors["calling.time_zone"]}
        value={time_zone || "UTC"}
        onChange={(zone) => form.setFieldValue("calling.time_zone", zone ?? "UTC")}
      />
    </Stack>
  );
}
