// What to look for among the calls; each change goes into the address at once, words after a moment.
import { Group, NativeSelect, Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useWords } from "@/components/use_words";
import type { CallsSearch } from "@/state/addresses";
import { useChoices } from "@/state/choices";
import { useSession } from "@/state/session";

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

function Words({ search, onChange }: Props) {
  const { t } = useTranslation();
  const [text, type] = useWords(search.text ?? "", (words) =>
    onChange({ text: words || undefined }, true),
  );
  return (
    <TextInput
      label={t("callsFound.search")}
      leftSection={<IconSearch size={16} />}
      title={t("callsFound.hint")}
      style={{ flex: "1 1 260px" }}
      value={text}
      maxLength={TEXT_MAX}
      onChange={(event) => type(event.currentTarget.value)}
    />
  );
}
