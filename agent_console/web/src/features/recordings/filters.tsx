// What to look for among the recordings; a choice goes into the address at once, what is typed after a moment.
import { Checkbox, Group, NumberInput, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
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

/** What is typed waits, all fields together: none takes away another's, and a choice made meanwhile takes it
 * along. `shown` is the address with what still waits. */
function useTyped(search: RecordingsSearch, onChange: (change: Partial<RecordingsSearch>) => void) {
  const waiting = useRef<Partial<RecordingsSearch>>({});
  const [typed, setTyped] = useState<Partial<RecordingsSearch>>({});
  const now = (change: Partial<RecordingsSearch>) => {
    const all = { ...waiting.current, ...change };
    waiting.current = {};
    onChange(all);
  };
  const settle = useDebouncedCallback(() => {
    if (Object.keys(waiting.current).length > 0) now({});
  }, WAIT_MS);
  const later = (change: Partial<RecordingsSearch>) => {
    waiting.current = { ...waiting.current, ...change };
    setTyped(waiting.current);
    settle();
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new address has what was typed, or is another
  useEffect(() => setTyped(waiting.current), [search]);
  return { shown: { ...search, ...typed }, later, now };
}

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
  const { shown, later, now } = useTyped(search, onChange);
  const names = (known: Record<string, string>) =>
    Object.entries(known).map(([value, label]) => ({ value, label }));
  return (
    <Group gap="sm" align="flex-end">
      <TextInput
        label={t("recordings.search")}
        leftSection={<IconSearch size={16} />}
        value={shown.text ?? ""}
        maxLength={80}
        onChange={(event) => later({ text: event.currentTarget.value || undefined })}
      />
      {role !== "agent" && (
        <Select
          label={t("calls.agent")}
          clearable
          searchable
          data={names(agent_names)}
          value={search.agent ?? null}
          onChange={(agent) => now({ agent: agent ?? undefined })}
        />
      )}
      <Select
        label={t("calls.queue")}
        clearable
        data={names(queue_names)}
        value={search.queue ?? null}
        onChange={(queue) => now({ queue: queue ?? undefined })}
      />
      <TextInput
        type="date"
        label={t("recordings.first")}
        value={search.first ?? ""}
        onChange={(event) => now({ first: event.currentTarget.value || undefined })}
      />
      <TextInput
        type="date"
        label={t("recordings.last")}
        value={search.last ?? ""}
        onChange={(event) => now({ last: event.currentTarget.value || undefined })}
      />
      <NumberInput
        label={t("recordings.minutes")}
        w={130}
        min={0}
        max={600}
        value={shown.minutes ?? ""}
        onChange={(minutes) => later({ minutes: minutes === "" ? undefined : String(minutes) })}
      />
      {LEAST.map(([name, max]) => (
        <NumberInput
          key={name}
          label={t(`recordingsLeast.${name}`)}
          w={180}
          min={0}
          max={max}
          value={shown[name] ?? ""}
          onChange={(value) => later({ [name]: value === "" ? undefined : String(value) })}
        />
      ))}
      <Checkbox
        mb={8}
        label={t("recordings.held")}
        checked={search.held === "yes"}
        onChange={(event) => now({ held: event.currentTarget.checked ? "yes" : undefined })}
      />
    </Group>
  );
}
