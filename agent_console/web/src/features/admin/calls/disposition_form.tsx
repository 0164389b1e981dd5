// One outcome in the tree.
import { Button, Group, MultiSelect, Select, Stack, Switch, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { nameOf, useChoices, useLanguage } from "@/state/choices";
import type { DispositionChoice } from "@/wire/rest";
import { parentsFor, withItem } from "./tree";

interface Props {
  first: DispositionChoice;
  items: readonly DispositionChoice[];
  put: (items: DispositionChoice[]) => Promise<void>;
  onDone: () => void;
}

export function DispositionForm({ first, items, put, onDone }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { queue_names } = useChoices();
  const [value, setValue] = useState(first);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const isNew = first.code === "";
  const taken = isNew && items.some(({ code }) => code === value.code);
  const change = (part: Partial<DispositionChoice>) => setValue({ ...value, ...part });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (taken) return;
    setBusy(true);
    setError(null);
    try {
      await put(withItem(items, value));
      onDone();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput
            label={t("define.name")}
            required
            maxLength={80}
            value={value.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t("define.nameZh")}
            maxLength={80}
            value={value.name_zh}
            onChange={(event) => change({ name_zh: event.currentTarget.value })}
          />
        </Group>
        <TextInput
          label={t("define.code")}
          description={t("define.codeHint")}
          required
          pattern="[a-z0-9_\-]{1,32}"
          disabled={!isNew}
          value={value.code}
          error={taken ? t("dispositions.taken") : undefined}
          onChange={(event) => change({ code: event.currentTarget.value })}
        />
        <Select
          label={t("dispositions.parent")}
          placeholder={t("dispositions.root")}
          clearable
          searchable
          data={parentsFor(items, first.code).map(({ item, depth }) => ({
            value: item.code,
            label: `${"– ".repeat(depth)}${nameOf(item, language)}`,
          }))}
          value={value.parent || null}
          onChange={(parent) => change({ parent: parent ?? "" })}
        />
        <MultiSelect
          label={t("dispositions.queues")}
          placeholder={value.queues.length === 0 ? t("dispositions.allQueues") : ""}
          clearable
          searchable
          data={Object.entries(queue_names).map(([id, name]) => ({ value: id, label: name }))}
          value={value.queues}
          onChange={(queues) => change({ queues })}
        />
        <TextInput
          label={t("dispositions.keywords")}
          description={t("dispositions.keywordsHint")}
          maxLength={200}
          value={value.keywords}
          onChange={(event) => change({ keywords: event.currentTarget.value })}
        />
        <Switch
          label={t("dispositions.isDefault")}
          checked={value.default}
          onChange={(event) => change({ default: event.currentTarget.checked })}
        />
        <Switch
          label={t("dispositions.active")}
          description={t("dispositions.activeHint")}
          checked={value.active}
          onChange={(event) => change({ active: event.currentTarget.checked })}
        />
        {error !== null && <Failure error={error} />}
        <Group>
          <Button type="submit" loading={busy}>
            {t("action.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
