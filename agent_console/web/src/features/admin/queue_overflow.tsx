// What becomes of callers who wait too long, or of a line that is too long: rules, tried in their order.
import {
  ActionIcon,
  Button,
  Card,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listPrompts } from "@/wire/sound";
import type { QueueFormState } from "./queue_fields";
import { type Action, freshKey } from "./queue_values";

const ACTIONS: Action[] = ["queue", "flow", "voicemail", "callback", "hangup"];
const OWN_FAREWELL = "goodbye";
const RULES_MAX = 10;
const LIMITS = ["after_seconds", "when_waiting_over", "when_estimate_over_seconds"] as const;

export interface Places {
  queues: { value: string; label: string }[];
  groups: { value: string; label: string }[];
  flows: { value: string; label: string }[];
}

export function QueueOverflow({ form, places }: { form: QueueFormState; places: Places }) {
  const { t } = useTranslation();
  const { overflow } = form.values;
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {t("admin.overflow")}
      </Text>
      <Text size="xs" c="dimmed">
        {t("admin.overflowHint")}
      </Text>
      {overflow.map((rule, place) => (
        <Rule key={rule.key} form={form} place={place} places={places} />
      ))}
      {overflow.length < RULES_MAX && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() =>
            form.insertListItem("overflow", {
              key: freshKey(),
              action: "voicemail",
              target: "",
              after_seconds: 300,
              when_waiting_over: "",
              when_estimate_over_seconds: "",
              unless_idle_in: null,
              other_estimate_under_seconds: "",
              unless_idle_in_group: null,
              if_idle_in: null,
              if_idle_in_group: null,
              idle_min: 1,
              estimate_of: "",
            })
          }
        >
          {t("admin.addRule")}
        </Button>
      )}
    </Stack>
  );
}

function Rule({ form, place, places }: { form: QueueFormState; place: number; places: Places }) {
  const { t } = useTranslation();
  const rule = form.values.overflow[place];
  if (rule === undefined) return null;
  const at = `overflow.${place}`;
  const others = places.queues.filter(({ value }) => value !== form.values.id);
  return (
    <Card withBorder padding="sm">
      <Stack gap="xs">
        <Group align="flex-start" wrap="nowrap">
          <Select
            flex={1}
            label={t("admin.then")}
            allowDeselect={false}
            data={ACTIONS.map((value) => ({ value, label: t(`overflowAction.${value}`) }))}
            {...form.getInputProps(`${at}.action`)}
            onChange={(action) => {
              form.setFieldValue(`${at}.action`, action as Action);
              form.setFieldValue(`${at}.target`, action === "hangup" ? OWN_FAREWELL : "");
            }}
          />
          <Target form={form} at={at} action={rule.action} others={others} flows={places.flows} />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("admin.removeRule", { place: place + 1 })}
            onClick={() => form.removeListItem("overflow", place)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
          {LIMITS.map((name) => (
            <NumberInput
              key={name}
              label={t(`overflowLimit.${name}`)}
              min={0}
              max={10_000}
              allowDecimal={false}
              {...form.getInputProps(`${at}.${name}`)}
            />
          ))}
        </SimpleGrid>
        <Conditions form={form} at={at} places={places} />
        {form.errors[at] && (
          <Text size="xs" c="red" role="alert">
            {form.errors[at]}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

/** What must be so elsewhere in the centre, at the moment of looking. */
function Conditions({ form, at, places }: { form: QueueFormState; at: string; places: Places }) {
  const { t } = useTranslation();
  const choices = [
    ["unless_idle_in", places.queues],
    ["unless_idle_in_group", places.groups],
    ["if_idle_in", places.queues],
    ["if_idle_in_group", places.groups],
  ] as const;
  const estimateOf = form.getInputProps(`${at}.estimate_of`);
  return (
    <>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {choices.map(([name, data]) => (
          <Select
            key={name}
            label={t(`overflowLimit.${name}`)}
            clearable
            searchable
            data={data}
            {...form.getInputProps(`${at}.${name}`)}
          />
        ))}
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
        <NumberInput
          label={t("overflowLimit.idle_min")}
          min={1}
          max={1000}
          allowDecimal={false}
          {...form.getInputProps(`${at}.idle_min`)}
        />
        <NumberInput
          label={t("overflowLimit.other_estimate_under_seconds")}
          min={1}
          max={7200}
          allowDecimal={false}
          {...form.getInputProps(`${at}.other_estimate_under_seconds`)}
        />
        <Select
          label={t("overflowLimit.estimate_of")}
          placeholder={t("overflowLimit.target")}
          clearable
          searchable
          data={places.queues}
          {...estimateOf}
          value={estimateOf.value || null}
          onChange={(queue) => form.setFieldValue(`${at}.estimate_of`, queue ?? "")}
        />
      </SimpleGrid>
    </>
  );
}

function Target({
  form,
  at,
  action,
  others,
  flows,
}: {
  form: QueueFormState;
  at: string;
  action: Action;
  others: Places["queues"];
  flows: Places["flows"];
}) {
  const { t } = useTranslation();
  const props = form.getInputProps(`${at}.target`);
  if (action === "queue") {
    return <Select flex={1} label={t("admin.toQueue")} searchable data={others} {...props} />;
  }
  if (action === "flow") {
    return (
      <Select
        flex={1}
        label={t("admin.toFlow")}
        placeholder={t("admin.ownFlow")}
        searchable
        clearable
        data={flows}
        {...props}
        value={props.value || null}
        onChange={(flow) => form.setFieldValue(`${at}.target`, flow ?? "")}
      />
    );
  }
  if (action === "voicemail") {
    return (
      <TextInput
        flex={1}
        label={t("admin.toBox")}
        placeholder={form.values.id}
        maxLength={32}
        {...props}
      />
    );
  }
  if (action === "hangup") return <Farewell form={form} at={at} />;
  return null;
}

/** What is said before hanging up: a prompt that somebody has recorded, or the product's own. */
function Farewell({ form, at }: { form: QueueFormState; at: string }) {
  const { t } = useTranslation();
  const prompts = useQuery({ queryKey: ["admin", "prompts"], queryFn: listPrompts });
  const { value, ...props } = form.getInputProps(`${at}.target`);
  const recorded = (prompts.data?.items ?? []).filter(
    (prompt) => prompt.deleted === null && prompt.languages.some((one) => one.active !== null),
  );
  const data = recorded.map(({ id, name }) => ({ value: id, label: name || id }));
  for (const id of [OWN_FAREWELL, value]) {
    if (id && !data.some((one) => one.value === id)) {
      data.push({ value: id, label: id === OWN_FAREWELL ? t("admin.ownFarewell") : id });
    }
  }
  return (
    <Select
      flex={1}
      label={t("admin.sayFirst")}
      placeholder={t("admin.sayNothing")}
      searchable
      clearable
      data={data}
      {...props}
      value={value || null}
      onChange={(prompt) => form.setFieldValue(`${at}.target`, prompt ?? "")}
    />
  );
}
