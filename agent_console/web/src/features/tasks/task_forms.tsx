// What came of a task, another time for it, and the form of a new one.
import {
  Button,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useChoices } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { useSession } from "@/state/session";
import {
  cancelTask,
  createTask,
  finishTask,
  listCustomers,
  putOffTask,
  type TaskRead,
  type TaskResult,
} from "@/wire/crm";

const RESULTS = ["done", "reached", "no_answer", "busy", "wrong_number", "refused"] as const;
const AGAIN = new Set<string>(["no_answer", "busy"]);
const HOUR_MS = 3_600_000;

/** For an input of type datetime-local, in the time of the place. */
function localText(at: Date): string {
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

export function DoTask({ task, onDone }: { task: TaskRead; onDone: () => void }) {
  const { t } = useTranslation();
  const { agent_names } = useChoices();
  const kept = useKeptForm(`task-${task.id}`, { result: "", note: "" });
  const [value, setValue] = useState(kept.first);
  const [again, setAgain] = useState(localText(new Date(Date.now() + HOUR_MS)));
  const [owner, setOwner] = useState(task.owner_agent);
  const [error, setError] = useState<unknown>(null);
  const change = (part: Partial<typeof value>) => {
    const next = { ...value, ...part };
    setValue(next);
    kept.keep(next);
  };
  const run = async (action: () => Promise<unknown>) => {
    setError(null);
    try {
      await action();
      kept.forget();
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  const later = () => new Date(again).toISOString();
  const finish = (tryAgain: boolean) =>
    run(() =>
      finishTask(task.id, {
        result: value.result as TaskResult["result"],
        note: value.note,
        again_at: tryAgain ? later() : null,
        version: task.version,
      }),
    );
  return (
    <Stack gap="sm">
      {task.note !== "" && (
        <Text size="sm" style={{ whiteSpace: "pre-wrap" }}>
          {task.note}
        </Text>
      )}
      <Select
        label={t("task.result")}
        data={RESULTS.map((one) => ({ value: one, label: t(`taskResult.${one}`) }))}
        value={value.result || null}
        onChange={(result) => change({ result: result ?? "" })}
      />
      <Textarea
        label={t("task.resultNote")}
        autosize
        minRows={2}
        maxLength={4_000}
        value={value.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
      <Button disabled={value.result === ""} onClick={() => void finish(false)}>
        {t("task.finish")}
      </Button>
      <Group align="flex-end" grow>
        <TextInput
          type="datetime-local"
          label={t("task.again")}
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Select
          label={t("ticket.owner")}
          clearable
          searchable
          data={Object.entries(agent_names).map(([id, label]) => ({ value: id, label }))}
          value={owner}
          onChange={setOwner}
        />
      </Group>
      <Group>
        <Button
          variant="default"
          disabled={again === ""}
          onClick={() =>
            void (AGAIN.has(value.result)
              ? finish(true)
              : run(() =>
                  putOffTask(task.id, { due: later(), owner_agent: owner, version: task.version }),
                ))
          }
        >
          {AGAIN.has(value.result) ? t("task.tryAgain") : t("task.putOff")}
        </Button>
        <Button
          variant="subtle"
          color="red"
          onClick={() => void run(() => cancelTask(task.id, task.version))}
        >
          {t("task.cancel")}
        </Button>
      </Group>
      {error !== null && <Failure error={error} />}
    </Stack>
  );
}

export function NewTask({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const { agent } = useSession();
  const { agent_names } = useChoices();
  const kept = useKeptForm("task-new", {
    title: "",
    note: "",
    kind: "call" as TaskRead["kind"],
    due: "",
    customer: "",
    owner: agent,
  });
  const [value, setValue] = useState(kept.first);
  const [text, setText] = useState("");
  const [error, setError] = useState<unknown>(null);
  const { data } = useQuery({
    queryKey: ["customers", "task", text],
    queryFn: () => listCustomers({ q: text }, null, 8),
    enabled: text.trim().length >= 1,
  });
  const change = (part: Partial<typeof value>) => {
    const next = { ...value, ...part };
    setValue(next);
    kept.keep(next);
  };
  const save = async () => {
    setError(null);
    try {
      await createTask({
        title: value.title,
        note: value.note,
        kind: value.kind,
        due: new Date(value.due).toISOString(),
        customer: value.customer || null,
        owner_agent: value.owner,
      });
      kept.forget();
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        <SegmentedControl
          aria-label={t("task.kind")}
          data={[
            { value: "call", label: t("taskKind.call") },
            { value: "task", label: t("taskKind.task") },
          ]}
          value={value.kind}
          onChange={(kind) => change({ kind: kind as TaskRead["kind"] })}
        />
        <TextInput
          label={t("task.title")}
          required
          maxLength={200}
          value={value.title}
          onChange={(event) => change({ title: event.currentTarget.value })}
        />
        <TextInput
          label={t("task.due")}
          type="datetime-local"
          required
          value={value.due}
          onChange={(event) => change({ due: event.currentTarget.value })}
        />
        <Select
          label={t("task.customer")}
          clearable
          searchable
          searchValue={text}
          onSearchChange={setText}
          filter={({ options }) => options}
          data={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={value.customer || null}
          onChange={(customer) => change({ customer: customer ?? "" })}
        />
        <Select
          label={t("ticket.owner")}
          clearable
          searchable
          data={Object.entries(agent_names).map(([id, label]) => ({ value: id, label }))}
          value={value.owner}
          onChange={(owner) => change({ owner })}
        />
        <Textarea
          label={t("customer.notes")}
          autosize
          minRows={2}
          maxLength={4_000}
          value={value.note}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
        {error !== null && <Failure error={error} />}
        <Button type="submit">{t("action.save")}</Button>
      </Stack>
    </form>
  );
}
