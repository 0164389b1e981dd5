// The rest of a call's form: the own fields that the queue and the outcome ask for, and what is to follow.
import { Group, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { OwnFields } from "@/components/crm/own_fields";
import { useChoices } from "@/state/choices";
import { useConsole } from "@/state/console";
import { fieldsFor, type Outcome } from "@/state/dispositions";
import type { Draft, FollowUpDraft } from "@/state/draft";
import type { CallRow } from "@/wire/messages";
import { callFormsQuery } from "./queries";

interface Props {
  row: CallRow;
  outcomes: Outcome[];
  draft: Draft;
  errors: Record<string, string>;
  change: (part: Partial<Draft>) => void;
}

export function FormMore({ row, outcomes, draft, errors, change }: Props) {
  const { t } = useTranslation();
  const forms = useQuery(callFormsQuery).data ?? [];
  const path = outcomes.find(({ code }) => code === draft.disposition)?.path ?? [];
  const fields = fieldsFor(
    forms.map(({ value }) => value),
    row.queue,
    path.map(({ code }) => code),
  );
  const of = (place: string) =>
    Object.fromEntries(
      Object.entries(errors).flatMap(([where, said]) =>
        where.startsWith(place) ? [[where.slice(place.length), said]] : [],
      ),
    );
  const me = useConsole(({ live }) => live.agent);
  return (
    <Stack gap="sm">
      <OwnFields
        fields={fields}
        values={draft.values}
        errors={of("values.")}
        onChange={(values) => change({ values })}
      />
      <Switch
        label={t("followUp.switch")}
        checked={draft.followUp !== null}
        onChange={(event) =>
          change({
            followUp: event.currentTarget.checked ? first(me ?? "", row.queue ?? "") : null,
          })
        }
      />
      {draft.followUp !== null && (
        <FollowUp
          value={draft.followUp}
          errors={of("follow_up.")}
          onChange={(followUp) => change({ followUp })}
        />
      )}
    </Stack>
  );
}

const DAY_MS = 86_400_000;
const KINDS = ["call", "task", "callback"] as const;

/** Tomorrow at ten, by the clock of the browser. */
function first(owner: string, queue: string): FollowUpDraft {
  const day = new Date(Date.now() + DAY_MS);
  const two = (value: number) => String(value).padStart(2, "0");
  const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
  return { kind: "call", due: `${date}T10:00`, title: "", owner, queue };
}

function FollowUp({
  value,
  errors,
  onChange,
}: {
  value: FollowUpDraft;
  errors: Record<string, string>;
  onChange: (value: FollowUpDraft) => void;
}) {
  const { t } = useTranslation();
  const { agent_names, queues } = useChoices();
  const mine = queues.filter((queue) => queue.mine);
  return (
    <Stack gap="xs" data-testid="follow-up">
      <Group grow align="flex-start">
        <Select
          label={t("followUp.kind")}
          allowDeselect={false}
          data={KINDS.map((kind) => ({ value: kind, label: t(`followUpKind.${kind}`) }))}
          value={value.kind}
          error={errors.kind}
          onChange={(kind) =>
            onChange({ ...value, kind: KINDS.find((one) => one === kind) ?? "call" })
          }
        />
        <TextInput
          label={t("followUp.due")}
          type="datetime-local"
          withAsterisk
          value={value.due}
          error={errors.due ?? (value.due === "" ? t("followUp.dueMissing") : undefined)}
          onChange={(event) => onChange({ ...value, due: event.currentTarget.value })}
        />
      </Group>
      {value.kind === "callback" ? (
        <Select
          label={t("followUp.queue")}
          description={t("followUp.queueHint")}
          data={mine.map(({ id, name }) => ({ value: id, label: name }))}
          value={value.queue || null}
          error={errors.queue}
          onChange={(queue) => onChange({ ...value, queue: queue ?? "" })}
        />
      ) : (
        <Select
          label={t("followUp.owner")}
          placeholder={t("followUp.anybody")}
          clearable
          searchable
          data={Object.entries(agent_names).map(([id, name]) => ({ value: id, label: name }))}
          value={value.owner || null}
          error={errors.owner_agent}
          onChange={(owner) => onChange({ ...value, owner: owner ?? "" })}
        />
      )}
      {value.kind !== "callback" && (
        <TextInput
          label={t("followUp.title")}
          maxLength={200}
          value={value.title}
          onChange={(event) => onChange({ ...value, title: event.currentTarget.value })}
        />
      )}
    </Stack>
  );
}
