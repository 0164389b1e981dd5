// Before or behind the others: a waiting caller's priority, changed by hand a step at a time.
import { ActionIcon, Group, Text } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { command, useLinked } from "@/state/console";
import type { CallRow } from "@/wire/messages";

const MAX = 100;

export function Priority({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const { run, pending } = useCommand();
  const step = (by: number) =>
    void run(() => command({ type: "reprioritise", call: row.call, priority: row.priority + by }));
  const off = !linked || pending;
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        disabled={off || row.priority >= MAX}
        aria-label={t("queue.priorityUp")}
        title={t("queue.priorityUp")}
        onClick={() => step(1)}
      >
        <IconChevronUp size={16} />
      </ActionIcon>
      <Text size="sm" fw={600} className="cc-figures" miw={18} ta="center">
        {row.priority}
      </Text>
      <ActionIcon
        variant="subtle"
        disabled={off || row.priority <= -MAX}
        aria-label={t("queue.priorityDown")}
        title={t("queue.priorityDown")}
        onClick={() => step(-1)}
      >
        <IconChevronDown size={16} />
      </ActionIcon>
    </Group>
  );
}
