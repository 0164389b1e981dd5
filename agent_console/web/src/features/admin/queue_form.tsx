// One queue with all it can be set to, a tab a subject: what it is, who serves it, how phones ring, how
// long callers wait and what then, and the writing after a call.
import {
  Button,
  Checkbox,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Tabs,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Conflict } from "@/components/conflict";
import { Failure } from "@/components/feedback";
import { spansOf } from "@/state/week";
import type { CallbackRules, CallbackRulesBody } from "@/wire/callbacks";
import { type AgentEntry, ApiError, type QueueBody, type QueueEntry } from "@/wire/rest";
import { idFrom } from "./directory";
import { QueueCallback } from "./queue_callback";
import { callbackBodyOf } from "./queue_callback_values";
import { Figure, type QueueFormState } from "./queue_fields";
import { type Places, QueueOverflow } from "./queue_overflow";
import { QueueServes } from "./queue_serves";
import {
  bodyOf,
  type Order,
  type QueueValues,
  tabOf,
  valuesOf,
  type WrapUpMode,
} from "./queue_values";

const ORDERS: Order[] = ["fcfs", "deadline"];
const WRAP_UP_MODES: WrapUpMode[] = ["optional", "mandatory", "timed", "timed-extendable"];
const TABS = ["general", "serves", "offers", "waiting", "wrapUp", "callback"] as const;

interface Props {
  queue: QueueEntry | null;
  agents: AgentEntry[];
  places: Places;
  callbacks: { items: CallbackRules[]; dialling: boolean };
  /** `rules` null: those for calling back were not touched. */
  onSave: (
    id: string,
    body: QueueBody,
    members: string[],
    rules: CallbackRulesBody | null,
    stored: (version: number) => void,
  ) => Promise<void>;
  /** Somebody else has changed the queue: what it is now. */
  onReload: () => Promise<QueueEntry | null>;
}

export function QueueForm({ queue, agents, places, callbacks, onSave, onReload }: Props) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [version, setVersion] = useState(queue?.version ?? 0);
  const [tab, setTab] = useState<string | null>("general");
  const form = useForm<QueueValues>({
    initialValues: valuesOf(queue, callbacks.items),
    validate: {
      name: (name) => (name.trim() === "" ? t("admin.queueNameMissing") : null),
      id: (id, all) =>
        /^[a-z0-9]{1,32}$/.test(id || idFrom(all.name)) ? null : t("admin.idWrong"),
      calling: {
        customer_hours: (text) => (spansOf(text) ? null : t("callbackRule.timesWrong")),
        hours: {
          days: (days, { calling: { hours } }) =>
            hours.filter((line) => line.days === days).length > 1
              ? t("callbackRule.daysTwice")
              : null,
          times: (text) => (spansOf(text) ? null : t("callbackRule.timesWrong")),
        },
      },
    },
  });
  const submit = async (values: QueueValues, over = version) => {
    setError(null);
    try {
      const rules = form.isDirty("calling") ? callbackBodyOf(values.calling) : null;
      const body = { ...bodyOf(values), version: over };
      await onSave(values.id || idFrom(values.name), body, values.members, rules, setVersion);
    } catch (problem) {
      if (problem instanceof ApiError) {
        form.setErrors(problem.fields);
        const [first] = Object.keys(problem.fields);
        if (first !== undefined) setTab(tabOf(first));
      }
      setError(problem);
    }
  };
  const changed = error instanceof ApiError && "version" in error.fields;
  const settle = async (mine: boolean) => {
    const now = await onReload();
    setVersion(now?.version ?? 0);
    if (mine) await submit(form.getValues(), now?.version ?? 0);
    else {
      form.setValues(valuesOf(now, callbacks.items));
      setError(null);
    }
  };
  return (
    <form
      onSubmit={form.onSubmit(
        (values) => submit(values),
        (errors) => setTab(tabOf(Object.keys(errors)[0] ?? "")),
      )}
      noValidate
    >
      <Stack gap="sm">
        <Tabs value={tab} onChange={setTab}>
          <Tabs.List mb="sm">
            {TABS.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`queueTab.${name}`)}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="general">
            <General form={form} fresh={queue === null} />
          </Tabs.Panel>
          <Tabs.Panel value="serves">
            <QueueServes form={form} agents={agents} groups={places.groups} />
          </Tabs.Panel>
          <Tabs.Panel value="offers">
            <Offers form={form} />
          </Tabs.Panel>
          <Tabs.Panel value="waiting">
            <Waiting form={form} places={places} />
          </Tabs.Panel>
          <Tabs.Panel value="wrapUp">
            <WrapUp form={form} places={places} />
          </Tabs.Panel>
          <Tabs.Panel value="callback">
            <QueueCallback form={form} dialling={callbacks.dialling} />
          </Tabs.Panel>
        </Tabs>
        {changed ? (
          <Conflict onTheirs={() => void settle(false)} onMine={() => void settle(true)} />
        ) : (
          error !== null && <Failure error={error} />
        )}
        <Button type="submit" loading={form.submitting}>
          {queue === null ? t("admin.create") : t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}

function General({ form, fresh }: { form: QueueFormState; fresh: boolean }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t("admin.queueName")}
          maxLength={120}
          data-autofocus
          {...form.getInputProps("name")}
        />
        <TextInput
          label={t("admin.queueId")}
          placeholder={idFrom(form.values.name)}
          disabled={!fresh}
          maxLength={32}
          {...form.getInputProps("id")}
        />
      </SimpleGrid>
      <Switch
        label={t("admin.enabled")}
        description={t("admin.enabledHint")}
        {...form.getInputProps("enabled", { type: "checkbox" })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Figure form={form} name="service_level_percent" />
        <Figure form={form} name="service_level_seconds" />
      </SimpleGrid>
    </Stack>
  );
}

function Offers({ form }: { form: QueueFormState }) {
  const { t } = useTranslation();
  const several = Number(form.values.broadcast) > 1;
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Figure form={form} name="ring_seconds" />
        <Figure form={form} name="broadcast" />
        <Figure form={form} name="rona_pause_after" />
        <Figure form={form} name="rona_back_off_seconds" />
        <Figure form={form} name="park_seconds" />
      </SimpleGrid>
      <Checkbox
        label={t("admin.autoAnswer")}
        description={several ? t("admin.autoAnswerSeveral") : t("admin.autoAnswerHint")}
        disabled={several && !form.values.auto_answer}
        {...form.getInputProps("auto_answer", { type: "checkbox" })}
      />
      <Checkbox
        label={t("admin.agentsChoose")}
        description={t("admin.agentsChooseHint")}
        {...form.getInputProps("agents_choose", { type: "checkbox" })}
      />
    </Stack>
  );
}

function Waiting({ form, places }: { form: QueueFormState; places: Places }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Figure form={form} name="waiting_max" />
        <Figure form={form} name="wait_max_seconds" />
      </SimpleGrid>
      <QueueOverflow form={form} places={places} />
      <Select
        label={t("admin.order")}
        description={t(`orderHint.${form.values.order}`)}
        allowDeselect={false}
        data={ORDERS.map((value) => ({ value, label: t(`order.${value}`) }))}
        {...form.getInputProps("order")}
      />
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Figure form={form} name="priority_seconds" />
        <Figure form={form} name="value_offset_max_seconds" />
        <Figure form={form} name="resume_place_seconds" />
      </SimpleGrid>
    </Stack>
  );
}

function WrapUp({ form, places }: { form: QueueFormState; places: Places }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Select
        label={t("admin.wrapUpMode")}
        allowDeselect={false}
        data={WRAP_UP_MODES.map((value) => ({ value, label: t(`wrapUpMode.${value}`) }))}
        {...form.getInputProps("wrap_up_mode")}
      />
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <Figure form={form} name="wrap_up_seconds" />
        <Figure form={form} name="wrap_up_extension_seconds" />
        <Figure form={form} name="wrap_up_extensions_max" />
      </SimpleGrid>
      <Select
        label={t("queueField.after_talk_flow")}
        description={t("queueHint.after_talk_flow")}
        clearable
        searchable
        data={places.flows}
        {...form.getInputProps("after_talk_flow")}
        value={form.values.after_talk_flow || null}
        onChange={(flow) => form.setFieldValue("after_talk_flow", flow ?? "")}
      />
    </Stack>
  );
}
