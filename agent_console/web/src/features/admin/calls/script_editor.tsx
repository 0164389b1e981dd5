// Scripts for agents: their list, and the editor of one with its problems, a preview to walk through, and
// versions. What is typed is kept in the browser until it is saved.
import {
  Alert,
  Badge,
  Button,
  Group,
  Modal,
  MultiSelect,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { callFormsQuery } from "@/components/call_forms/queries";
import { Failure } from "@/components/feedback";
import { notify } from "@/components/notices";
import { nameOf, useChoices, useLanguage, useQueueName } from "@/state/choices";
import { LANGUAGES } from "@/state/format";
import { useKeptForm } from "@/state/kept_form";
import {
  listScripts,
  publishScript,
  restoreScript,
  type Script,
  type ScriptRead,
  saveScript,
} from "@/wire/knowledge";
import { DefinedList } from "../crm/defined_list";
import { EMPTY_SCRIPT } from "./script_model";
import { ScriptSteps } from "./script_steps";
import { ScriptVersions, Trial } from "./script_trial";

const KEY = ["scripts"];

export function Scripts() {
  const { t } = useTranslation();
  const language = useLanguage();
  const queueName = useQueueName();
  const query = useQuery({ queryKey: KEY, queryFn: listScripts });
  return (
    <DefinedList
      title={t("scripts.title")}
      addLabel={t("scripts.new")}
      items={query.data?.items}
      error={query.error}
      retry={() => void query.refetch()}
      keyOf={({ script }) => script.code}
      cells={(one) => [
        <Text key="name" fw={600} size="sm">
          {nameOf(one.script, language)}
        </Text>,
        one.script.queues.map(queueName).join(", ") || t("dispositions.allQueues"),
        one.script.language === "zh" ? "中文" : "English",
        <Group key="state" gap={4}>
          {one.published === null ? (
            <Badge color="gray">{t("scripts.draft")}</Badge>
          ) : (
            <Badge color={one.active ? "green" : "gray"}>
              {t("knowledge.version", { number: one.published })}
            </Badge>
          )}
          {one.published !== null && one.draft_ahead && (
            <Badge color="orange">{t("scripts.ahead")}</Badge>
          )}
        </Group>,
      ]}
      form={(one) => (
        <Editor
          key={one?.revision ?? 0}
          first={one}
          placeholders={query.data?.placeholders ?? []}
        />
      )}
    />
  );
}

function Editor({
  first,
  placeholders,
}: {
  first: ScriptRead | null;
  placeholders: readonly string[];
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [stored, setStored] = useState(first);
  const kept = useKeptForm(`script-${first?.script.code ?? "new"}`, {
    script: first?.script ?? EMPTY_SCRIPT,
    active: first?.active ?? true,
  });
  const [value, setValue] = useState(kept.first);
  const [note, setNote] = useState("");
  const [trying, setTrying] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const change = (part: Partial<typeof value>) => {
    const next = { ...value, ...part };
    setValue(next);
    kept.keep(next);
  };
  const fields = useFields();
  const took = (read: ScriptRead) => {
    setStored(read);
    setValue({ script: read.script, active: read.active });
  };
  const run = async (action: () => Promise<ScriptRead>, message: string) => {
    setBusy(true);
    setError(null);
    try {
      took(await action());
      kept.forget();
      notify({ color: "green", message });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
      await queries.invalidateQueries({ queryKey: KEY });
    }
  };
  const save = () => saveScript(value.script.code, { ...value, revision: stored?.revision ?? 0 });
  const publish = async () => {
    const saved = await save();
    took(saved);
    return await publishScript(saved.script.code, { revision: saved.revision, note });
  };
  const fresh = stored !== null && JSON.stringify(stored.script) === JSON.stringify(value.script);
  return (
    <form
      data-testid="script-editor"
      onSubmit={(event) => {
        event.preventDefault();
        void run(save, t("scripts.saved"));
      }}
    >
      <Stack gap="sm">
        {kept.found && <Alert color="blue">{t("knowledge.found")}</Alert>}
        <Facts
          script={value.script}
          isNew={stored === null}
          onChange={(script) => change({ script })}
        />
        <Switch
          label={t("scripts.active")}
          checked={value.active}
          onChange={(event) => change({ active: event.currentTarget.checked })}
        />
        <ScriptSteps
          script={value.script}
          problems={fresh ? stored.problems : []}
          placeholders={placeholders}
          fields={fields}
          onChange={(script) => change({ script })}
        />
        {fresh && stored.problems.length === 0 && (
          <Text size="sm" c="green" role="status">
            {t("scripts.right")}
          </Text>
        )}
        {error !== null && <Failure error={error} />}
        <TextInput
          label={t("knowledge.note")}
          maxLength={300}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" variant="default" loading={busy}>
            {t("scripts.save")}
          </Button>
          <Button
            disabled={busy || value.script.code === ""}
            onClick={() => void run(publish, t("scripts.published"))}
          >
            {t("knowledge.publish")}
          </Button>
          <Button variant="light" onClick={() => setTrying(true)}>
            {t("scripts.try")}
          </Button>
        </Group>
        {stored !== null && (
          <ScriptVersions
            key={stored.published ?? 0}
            code={stored.script.code}
            restore={(number) =>
              void run(
                () => restoreScript(stored.script.code, { number, revision: stored.revision }),
                t("scripts.restored"),
              )
            }
          />
        )}
      </Stack>
      <Modal
        opened={trying}
        onClose={() => setTrying(false)}
        size="lg"
        title={<Text fw={650}>{t("scripts.try")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {trying && <Trial script={value.script} placeholders={placeholders} />}
      </Modal>
    </form>
  );
}

function Facts({
  script,
  isNew,
  onChange,
}: {
  script: Script;
  isNew: boolean;
  onChange: (script: Script) => void;
}) {
  const { t } = useTranslation();
  const { queue_names } = useChoices();
  const change = (part: Partial<Script>) => onChange({ ...script, ...part });
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="sm">
      <TextInput
        label={t("define.code")}
        required
        pattern="[a-z0-9_\-]{1,32}"
        disabled={!isNew}
        value={script.code}
        onChange={(event) => change({ code: event.currentTarget.value })}
      />
      <TextInput
        label={t("define.name")}
        required
        maxLength={80}
        value={script.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TextInput
        label={t("define.nameZh")}
        maxLength={80}
        value={script.name_zh}
        onChange={(event) => change({ name_zh: event.currentTarget.value })}
      />
      <Select
        label={t("knowledge.language")}
        allowDeselect={false}
        data={LANGUAGES}
        value={script.language}
        onChange={(next) => change({ language: next === "zh" ? "zh" : "en" })}
      />
      <MultiSelect
        label={t("dispositions.queues")}
        placeholder={script.queues.length === 0 ? t("dispositions.allQueues") : ""}
        clearable
        data={Object.entries(queue_names).map(([id, name]) => ({ value: id, label: name }))}
        value={[...script.queues]}
        onChange={(queues) => change({ queues })}
      />
    </SimpleGrid>
  );
}

/** The own fields that an answer may be written into. */
function useFields(): { value: string; label: string }[] {
  const language = useLanguage();
  const forms = useQuery(callFormsQuery).data ?? [];
  const found = new Map<string, string>();
  for (const { value } of forms) {
    for (const field of value.fields) found.set(field.code, nameOf(field, language));
  }
  return [...found].map(([value, label]) => ({ value, label }));
}
