// One group: its name and the conditions. Who fulfils them is shown while one types.
import {
  ActionIcon,
  Button,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Conflict } from "@/components/conflict";
import { Failure } from "@/components/feedback";
import type { AgentGroup, Clause, GroupBody } from "@/wire/groups";
import { type AgentEntry, ApiError, type QueueEntry } from "@/wire/rest";
import { idFrom } from "./directory";
import { fulfils, type GroupValues, groupValuesOf } from "./group_values";
import { freshKey } from "./queue_values";

const KINDS: Clause["kind"][] = ["skill", "team", "queue"];
const CLAUSES_MAX = 20;
const LEVEL_MAX = 10;

interface Props {
  group: AgentGroup | null;
  agents: AgentEntry[];
  queues: QueueEntry[];
  onSave: (id: string, body: GroupBody) => Promise<void>;
  onReload: () => Promise<AgentGroup | null>;
}

export function GroupForm({ group, agents, queues, onSave, onReload }: Props) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [version, setVersion] = useState(group?.version ?? 0);
  const form = useForm<GroupValues>({
    initialValues: groupValuesOf(group),
    validate: {
      name: (name) => (name.trim() === "" ? t("group.nameMissing") : null),
      id: (id, all) =>
        /^[a-z0-9]{1,32}$/.test(id || idFrom(all.name)) ? null : t("admin.idWrong"),
      clauses: { name: (name) => (name.trim() === "" ? t("group.clauseEmpty") : null) },
    },
  });
  const submit = async (values: GroupValues, over = version) => {
    setError(null);
    const clauses = values.clauses.map(({ key: _key, low, high, ...rest }) => ({
      ...rest,
      low: Number(low),
      high: Number(high),
    }));
    const body = { name: values.name.trim(), match: values.match, clauses, version: over };
    try {
      await onSave(values.id || idFrom(values.name), body);
    } catch (problem) {
      if (problem instanceof ApiError) form.setErrors(problem.fields);
      setError(problem);
    }
  };
  const changed = error instanceof ApiError && "version" in error.fields;
  const settle = async (mine: boolean) => {
    const now = await onReload();
    setVersion(now?.version ?? 0);
    if (mine) return submit(form.getValues(), now?.version ?? 0);
    form.setValues(groupValuesOf(now));
    setError(null);
  };
  const members = agents.filter(
    (agent) => (group?.by_hand ?? []).includes(agent.id) || fulfils(agent, form.values),
  );
  return (
    <form onSubmit={form.onSubmit((values) => submit(values))} noValidate>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput
            label={t("group.name")}
            maxLength={120}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <TextInput
            label={t("admin.queueId")}
            placeholder={idFrom(form.values.name)}
            disabled={group !== null}
            maxLength={32}
            {...form.getInputProps("id")}
          />
        </Group>
        <SegmentedControl
          aria-label={t("group.match")}
          data={[
            { value: "all", label: t("group.all") },
            { value: "any", label: t("group.any") },
          ]}
          {...form.getInputProps("match")}
        />
        {form.values.clauses.map(({ key, kind }, place) => (
          <ClauseRow key={key} form={form} place={place} kind={kind} {...{ agents, queues }} />
        ))}
        {form.values.clauses.length < CLAUSES_MAX && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} />}
            onClick={() =>
              form.insertListItem("clauses", {
                key: freshKey(),
                kind: "skill",
                name: "",
                low: 1,
                high: LEVEL_MAX,
              })
            }
          >
            {t("group.addClause")}
          </Button>
        )}
        <Text size="sm" aria-live="polite">
          {t("group.now", {
            count: members.length,
            names: members.map(({ name }) => name).join(", ") || "–",
          })}
        </Text>
        {changed ? (
          <Conflict onTheirs={() => void settle(false)} onMine={() => void settle(true)} />
        ) : (
          error !== null && <Failure error={error} />
        )}
        <Button type="submit" loading={form.submitting}>
          {group === null ? t("admin.create") : t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}

function ClauseRow({
  form,
  place,
  kind,
  agents,
  queues,
}: {
  form: UseFormReturnType<GroupValues>;
  place: number;
  kind: Clause["kind"];
  agents: AgentEntry[];
  queues: QueueEntry[];
}) {
  const { t } = useTranslation();
  const at = `clauses.${place}`;
  const teams = [...new Set(agents.map(({ team }) => team).filter(Boolean))];
  const skills = [...new Set(agents.flatMap(({ skills: known }) => Object.keys(known ?? {})))];
  const name = form.getInputProps(`${at}.name`);
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <Select
        w={130}
        aria-label={t("group.kind")}
        allowDeselect={false}
        data={KINDS.map((value) => ({ value, label: t(`groupKind.${value}`) }))}
        {...form.getInputProps(`${at}.kind`)}
        onChange={(chosen) => {
          form.setFieldValue(`${at}.kind`, chosen as Clause["kind"]);
          form.setFieldValue(`${at}.name`, "");
        }}
      />
      {kind === "queue" ? (
        <Select
          flex={1}
          aria-label={t("groupKind.queue")}
          searchable
          data={queues.map(({ id, name: label }) => ({ value: id, label }))}
          {...name}
        />
      ) : (
        <TextInput
          flex={1}
          aria-label={t(`groupKind.${kind}`)}
          list={`${kind}-known`}
          placeholder={(kind === "team" ? teams : skills)[0] ?? ""}
          maxLength={64}
          {...name}
        />
      )}
      <datalist id={`${kind}-known`}>
        {(kind === "team" ? teams : skills).map((known) => (
          <option key={known} value={known} />
        ))}
      </datalist>
      {kind === "skill" &&
        (["low", "high"] as const).map((bound) => (
          <NumberInput
            key={bound}
            w={90}
            aria-label={t(`group.${bound}`)}
            prefix={bound === "low" ? "≥ " : "≤ "}
            min={0}
            max={LEVEL_MAX}
            allowDecimal={false}
            {...form.getInputProps(`${at}.${bound}`)}
          />
        ))}
      <ActionIcon
        variant="subtle"
        color="gray"
        mt={4}
        aria-label={t("group.removeClause", { place: place + 1 })}
        onClick={() => form.removeListItem("clauses", place)}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  );
}
