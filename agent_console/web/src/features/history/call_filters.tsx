// What to look for among the calls; each change goes into the address at once, words after a moment.
import { Group, NativeSelect, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallsSearch } from "@/state/addresses";
import { useChoices } from "@/state/choices";
import { useSession } from "@/state/session";

const WAIT_MS = 400;
const TEXT_MAX = 100;
const OUTCOMES = ["answered", "abandoned", "diverted", "ivr", "refused", "node_restart"] as const;
const DIRECTIONS = ["in", "out", "internal"] as const;

interface Props {
  search: CallsSearch;
  onChange: (change: CallsSearch, replace?: boolean) => void;
}

export function CallFilters({ search, onChange }: Props) {
  const { t } = useTranslation();
  const { role } = useSession();
  const { agent_names, queue_names } = useChoices();
  const names = (known: Record<string, string>) =>
    Object.entries(known).map(([value, label]) => ({ value, label }));
  const any = { value: "", label: t("callsFound.any") };
  return (
    <Group gap="sm" align="flex-end">
      <Words search={search} onChange={onChange} />
      {role !== "agent" && (
        <Select
          label={t("calls.agent")}
          placeholder={t("callsFound.any")}
          w={170}
          clearable
          searchable
          data={names(agent_names)}
          value={search.agent ?? null}
          onChange={(agent) => onChange({ agent: agent ?? undefined })}
        />
      )}
      <Select
        label={t("calls.queue")}
        placeholder={t("callsFound.any")}
        w={150}
        clearable
        searchable
        data={names(queue_names)}
        value={search.queue ?? null}
        onChange={(queue) => onChange({ queue: queue ?? undefined })}
      />
      <NativeSelect
        label={t("calls.outcome")}
        data={[any, ...OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))]}
        value={search.outcome ?? ""}
        onChange={(event) => onChange({ outcome: event.currentTarget.value || undefined })}
      />
      <NativeSelect
        label={t("callsFound.direction")}
        data={[any, ...DIRECTIONS.map((value) => ({ value, label: t(`direction.${value}`) }))]}
        value={search.direction ?? ""}
        onChange={(event) => onChange({ direction: event.currentTarget.value || undefined })}
      />
      <Group gap="sm" wrap="nowrap">
        <TextInput
          type="date"
          label={t("callsFound.first")}
          value={search.first ?? ""}
          onChange={(event) => onChange({ first: event.currentTarget.value || undefined })}
        />
        <TextInput
          type="date"
          label={t("callsFound.last")}
          value={search.last ?? ""}
          onChange={(event) => onChange({ last: event.currentTarget.value || undefined })}
        />
      </Group>
    </Group>
  );
}

/** While one types the address is replaced, so that the back button does not go through the letters. */
function Words({ search, onChange }: Props) {
  const { t } = useTranslation();
  const there = search.text ?? "";
  const [text, setText] = useState(there);
  const told = useRef(there);
  const change = useRef(onChange);
  change.current = onChange;
  const later = useDebouncedCallback((words: string) => {
    told.current = words;
    change.current({ text: words || undefined }, true);
  }, WAIT_MS);
  // Back, forward and "show all" change the address from outside.
  useEffect(() => {
    if (there === told.current) return;
    told.current = there;
    setText(there);
  }, [there]);
  return (
    <TextInput
      label={t("callsFound.search")}
      leftSection={<IconSearch size={16} />}
      title={t("callsFound.hint")}
      style={{ flex: "1 1 260px" }}
      value={text}
      maxLength={TEXT_MAX}
      onChange={(event) => {
        setText(event.currentTarget.value);
        later(event.currentTarget.value);
      }}
    />
  );
}
