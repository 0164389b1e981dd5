// What is asked for at the end of calls: forms of own fields, by queue and outcome.
import { MultiSelect, Stack, Switch, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { callFormsQuery } from "@/components/call_forms/queries";
import { nameOf, useChoices, useLanguage, useQueueName } from "@/state/choices";
import { putCallForm, removeCallForm } from "@/wire/knowledge";
import type { CallForm, listCallForms } from "@/wire/rest";
import { DefineForm } from "../crm/define_form";
import { DefinedList } from "../crm/defined_list";
import { EMPTY_FIELD, FieldsEditor } from "./fields_editor";
import { branches } from "./tree";

type Stored = Awaited<ReturnType<typeof listCallForms>>[number];

export function FormDefinitions() {
  const { t } = useTranslation();
  const language = useLanguage();
  const queueName = useQueueName();
  const query = useQuery(callFormsQuery);
  return (
    <DefinedList
      title={t("callForms.title")}
      addLabel={t("callForms.new")}
      items={query.data}
      error={query.error}
      retry={() => void query.refetch()}
      keyOf={({ code }) => code}
      cells={({ code, value }) => [
        <Text key="name" fw={600} size="sm">
          {nameOf({ ...value, code }, language)}
        </Text>,
        value.queues.map(queueName).join(", ") || t("dispositions.allQueues"),
        t("callForms.fields", { count: value.fields.length }),
      ]}
      form={(stored, done) => <CallFormForm stored={stored} onDone={done} />}
    />
  );
}

const EMPTY: CallForm = {
  code: "",
  name: "",
  name_zh: "",
  active: true,
  queues: [],
  dispositions: [],
  fields: [EMPTY_FIELD],
};

function CallFormForm({ stored, onDone }: { stored: Stored | null; onDone: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { queue_names, dispositions } = useChoices();
  const [value, setValue] = useState({
    ...(stored?.value ?? EMPTY),
    position: stored?.position ?? 0,
  });
  const save = ({ position, ...form }: typeof value) =>
    putCallForm(form.code, { value: form, position, version: stored?.version ?? 0 });
  return (
    <DefineForm
      value={value}
      isNew={stored === null}
      onChange={setValue}
      save={save}
      remove={stored === null ? undefined : () => removeCallForm(stored.code)}
      query={callFormsQuery.queryKey[0] ?? ""}
      onDone={onDone}
    >
      <Stack gap="sm">
        <MultiSelect
          label={t("dispositions.queues")}
          placeholder={value.queues.length === 0 ? t("dispositions.allQueues") : ""}
          clearable
          data={Object.entries(queue_names).map(([id, name]) => ({ value: id, label: name }))}
          value={[...value.queues]}
          onChange={(queues) => setValue({ ...value, queues })}
        />
        <MultiSelect
          label={t("callForms.dispositions")}
          description={t("callForms.dispositionsHint")}
          placeholder={value.dispositions.length === 0 ? t("callForms.allDispositions") : ""}
          clearable
          searchable
          data={branches(dispositions).map(({ item, depth }) => ({
            value: item.code,
            label: `${"– ".repeat(depth)}${nameOf(item, language)}`,
          }))}
          value={[...value.dispositions]}
          onChange={(chosen) => setValue({ ...value, dispositions: chosen })}
        />
        <FieldsEditor fields={value.fields} onChange={(fields) => setValue({ ...value, fields })} />
        <Switch
          label={t("callForms.active")}
          checked={value.active}
          onChange={(event) => setValue({ ...value, active: event.currentTarget.checked })}
        />
      </Stack>
    </DefineForm>
  );
}
