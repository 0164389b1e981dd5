// Sampling plans: so many recordings of each agent and week, at random.
import {
  ActionIcon,
  Button,
  Card,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconDice5, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useTeams } from "@/components/floor/words";
import { notify } from "@/components/notices";
import { nameIn, useForms } from "@/components/quality/words";
import { useRemoval } from "@/components/removal";
import { useSaving } from "@/components/saving";
import { nameOf, useChoices, useLanguage } from "@/state/choices";
import { useConsole } from "@/state/console";
import {
  drawNow,
  listPlans,
  removePlan,
  type SamplingPlan,
  type SamplingPlanBody,
  savePlan,
} from "@/wire/quality";

const HOUSE = "-";

export function Plans() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["quality", "plans"], queryFn: listPlans });
  const forms = useForms();
  const [editing, setEditing] = useState<SamplingPlan | "new" | null>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined || forms.data === undefined) return <Rows count={3} />;
  const ready = forms.data.in_use.length > 0;
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {t(ready ? "quality.plansHint" : "quality.noFormAtAll")}
        </Text>
        <Button
          leftSection={<IconPlus size={16} />}
          style={{ flexShrink: 0 }}
          disabled={!ready}
          onClick={() => setEditing("new")}
        >
          {t("quality.newPlan")}
        </Button>
      </Group>
      {query.data.length === 0 && (
        <Card withBorder>
          <Empty icon={IconDice5} title={t("quality.noPlans")} hint={t("quality.noPlansHint")} />
        </Card>
      )}
      {query.data.map((plan) => (
        <Line key={plan.id} plan={plan} onEdit={() => setEditing(plan)} />
      ))}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        title={<Text fw={650}>{t(editing === "new" ? "quality.newPlan" : "action.edit")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {editing !== null && (
          <PlanForm plan={editing === "new" ? null : editing} onDone={() => setEditing(null)} />
        )}
      </Modal>
    </Stack>
  );
}

function Line({ plan, onEdit }: { plan: SamplingPlan; onEdit: () => void }) {
  const { t } = useTranslation();
  const teams = useTeams();
  const { save, saving } = useSaving(["quality"]);
  const removal = useRemoval(["quality"]);
  const team = teams.data?.find(({ id }) => id === plan.team)?.name ?? plan.team;
  return (
    <Card withBorder data-plan={plan.id}>
      <Group justify="space-between">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} truncate {...(plan.active ? {} : { c: "dimmed" })}>
            {plan.name}
          </Text>
          <Text size="xs" c="dimmed">
            {t("quality.perAgent", { count: plan.per_agent })} ·{" "}
            {plan.team === "" ? t("quality.house") : team}
          </Text>
        </div>
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-sm"
            variant="light"
            loading={saving}
            onClick={() =>
              void save(async () => {
                const added = await drawNow(plan.id);
                notify({ color: "green", message: t("quality.drawn", { count: added }) });
              })
            }
          >
            {t("quality.draw")}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={onEdit}>
            {t("action.edit")}
          </Button>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("quality.removePlan", { name: plan.name })}
            onClick={() => {
              const { id, ...body } = plan;
              void removal({
                told: t("quality.planRemoved", { name: plan.name }),
                remove: () => removePlan(id),
                putBack: () => savePlan(null, body),
              });
            }}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </Group>
    </Card>
  );
}

function PlanForm({ plan, onDone }: { plan: SamplingPlan | null; onDone: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const border = useConsole((state) => state.live.border);
  const { queue_names, dispositions } = useChoices();
  const teams = useTeams();
  const forms = useForms();
  const { save, saving } = useSaving(["quality"]);
  const { id, ...stored } = plan ?? { id: null };
  const [body, setBody] = useState<SamplingPlanBody>({
    name: "",
    form: forms.data?.in_use[0]?.code ?? "",
    team: border === "everything" ? "" : (teams.data?.[0]?.id ?? ""),
    per_agent: 2,
    queues: [],
    dispositions: [],
    seconds_min: 0,
    seconds_max: 0,
    active: true,
    version: null,
    ...stored,
  });
  const put = (part: Partial<SamplingPlanBody>) => setBody((now) => ({ ...now, ...part }));
  const whose = [
    ...(border === "everything" ? [{ value: HOUSE, label: t("quality.house") }] : []),
    ...(teams.data ?? []).map(({ id: value, name }) => ({ value, label: name })),
  ];
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        if (await save(() => savePlan(id, body))) onDone();
      }}
    >
      <Stack>
        <TextInput
          label={t("quality.planName")}
          required
          maxLength={80}
          data-autofocus
          value={body.name}
          onChange={(event) => put({ name: event.currentTarget.value })}
        />
        <Select
          label={t("quality.form")}
          allowDeselect={false}
          data={(forms.data?.in_use ?? []).map((one) => ({
            value: one.code,
            label: nameIn(one, language),
          }))}
          value={body.form}
          onChange={(form) => form !== null && put({ form })}
        />
        <Select
          label={t("quality.team")}
          allowDeselect={false}
          data={whose}
          value={body.team === "" ? HOUSE : (body.team ?? HOUSE)}
          onChange={(team) => put({ team: team === HOUSE ? "" : (team ?? "") })}
        />
        <NumberInput
          label={t("quality.howMany")}
          min={1}
          max={50}
          value={body.per_agent ?? 2}
          onChange={(value) => put({ per_agent: Number(value) || 1 })}
        />
        <MultiSelect
          label={t("quality.queues")}
          clearable
          data={Object.entries(queue_names).map(([value, label]) => ({ value, label }))}
          value={body.queues ?? []}
          onChange={(queues) => put({ queues })}
        />
        <MultiSelect
          label={t("quality.dispositions")}
          clearable
          searchable
          data={dispositions.map((one) => ({ value: one.code, label: nameOf(one, language) }))}
          value={body.dispositions ?? []}
          onChange={(chosen) => put({ dispositions: chosen })}
        />
        <Group grow align="flex-start">
          <NumberInput
            label={t("quality.secondsMin")}
            min={0}
            max={86_400}
            value={body.seconds_min ?? 0}
            onChange={(value) => put({ seconds_min: Number(value) || 0 })}
          />
          <NumberInput
            label={t("quality.secondsMax")}
            min={0}
            max={86_400}
            value={body.seconds_max ?? 0}
            onChange={(value) => put({ seconds_max: Number(value) || 0 })}
          />
        </Group>
        <Switch
          label={t("quality.active")}
          checked={body.active ?? true}
          onChange={(event) => put({ active: event.currentTarget.checked })}
        />
        <Button type="submit" loading={saving} disabled={body.name.trim() === ""}>
          {t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}
