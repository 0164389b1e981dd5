// Who serves the queue: by name, by group, from which moment on, and who comes first.
import { MultiSelect, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AgentEntry } from "@/wire/rest";
import { Figure, type QueueFormState } from "./queue_fields";
import { QueueMembers } from "./queue_members";
import type { Places } from "./queue_overflow";
import { QueueRings } from "./queue_rings";
import type { Strategy } from "./queue_values";

const STRATEGIES: Strategy[] = [
  "longest-idle",
  "most-skilled",
  "least-occupied",
  "linear",
  "round-robin",
  "random",
];

export function QueueServes({
  form,
  agents,
  groups,
}: {
  form: QueueFormState;
  agents: AgentEntry[];
  groups: Places["groups"];
}) {
  const { t } = useTranslation();
  const { groups: chosen, members } = form.values;
  const byGroup = agents
    .filter(
      ({ id, member_of }) => !members.includes(id) && member_of.some((g) => chosen.includes(g)),
    )
    .map(({ name }) => name);
  return (
    <Stack gap="md">
      <Select
        label={t("admin.strategy")}
        description={t(`strategyHint.${form.values.strategy}`)}
        allowDeselect={false}
        data={STRATEGIES.map((value) => ({ value, label: t(`strategy.${value}`) }))}
        {...form.getInputProps("strategy")}
      />
      <QueueMembers
        agents={agents}
        value={form.values.members}
        ordered={form.values.strategy === "linear"}
        onChange={(members) => form.setFieldValue("members", members)}
      />
      <MultiSelect
        label={t("admin.groups")}
        description={t("admin.groupsHint")}
        data={groups}
        searchable
        maxValues={50}
        {...form.getInputProps("groups")}
      />
      {byGroup.length > 0 && (
        <Text size="xs" c="dimmed">
          {t("admin.byGroup", { names: byGroup.join(", ") })}
        </Text>
      )}
      <QueueRings form={form} groups={groups} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Figure form={form} name="preferred_wait_seconds" />
        <Figure form={form} name="reserved_idle" />
      </SimpleGrid>
    </Stack>
  );
}
