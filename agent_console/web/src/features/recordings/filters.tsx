// What to look for among the recordings; each change goes into the address at once, words after a moment.
import { Checkbox, Group, NumberInput, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { RecordingsSearch } from "@/state/addresses";
import { useChoices } from "@/state/choices";
import { useSession } from "@/state/session";

const WAIT_MS = 400;
/** How the talk went, with the largest value that makes sense. */
const LEAST = [
  ["silence", 3600],
  ["interrupts", 1000],
  ["share", 100],
] as const;

export function RecordingFilters({
  search,
  onChange,
}: {
  search: RecordingsSearch;
  onChange: (change: Partial<RecordingsSearch>) => void;
}) {
  const { t } = useTranslation();
  const { role } = useSession();
  const { agent_names, queue_names } = useChoices();
  const [text, setText] = useState(search.text ?? "");
  const later = useDebouncedCallback(
    (change: Partial<RecordingsSearch>) => onChange(change),
    WAIT_MS,
  );
  const names = (known: Record<string, string>) =>
    Object.entries(known).map(([value, label]) => ({ value, label }));
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        label={t("recordings.search")}
        leftSection={<IconSearch size={16} />}
        value={text}
        maxLength={80}
        onChange={(event) => {
          setText(event.currentTarget.value);
          later({ text: event.currentTarget.value || undefined });
        }}
      />
      {role !== "agent" && (
        <Select
          label={t("calls.agent")}
          clearable
          searchable
          data={names(agent_names)}
          value={search.agent ?? null}
          onChange={(agent) => onChange({ agent: agent ?? undefined })}
        />
      )}
      <Select
        label={t("calls.queue")}
        clearable
        data={names(queue_names)}
        value={search.queue ?? null}
        onChange={(queue) => onChange({ queue: queue ?? undefined })}
      />
      <TextInput
        type="date"
        label={t("recordings.first")}
        value={search.first ?? ""}
        onChange={(event) => onChange({ first: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={t("recordings.last")}
        value={search.last ?? ""}
        onChange={(event) => onChange({ last: event.currentTarget.value || undefined })}
      />
      <NumberInput
        label={t("recordings.minutes")}
        w={130}
        min={0}
        max={600}
        value={search.minutes ?? ""}
        onChange={(minutes) => later({ minutes: minutes === "" ? undefined : String(minutes) })}
      />
      {LEAST.map(([name, max]) => (
        <NumberInput
          key={name}
          label={t(`recordingsLeast.${name}`)}
          w={150}
          min={0}
          max={max}
          value={search[name] ?? ""}
          onChange={(value) => later({ [name]: value === "" ? undefined : String(value) })}
        />
      ))}
      <Checkbox
        mb={8}
        label={t("recordings.held")}
        checked={search.held === "yes"}
        onChange={(event) => onChange({ held: event.currentTarget.checked ? "yes" : undefined })}
      />
    </Group>
  );
}
