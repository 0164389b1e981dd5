// A waiting caller goes to another queue: a menu of the others, with how many wait there.
import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { useLanguage } from "@/state/choices";
import { command, useConsole, useLinked } from "@/state/console";
import { count } from "@/state/format";
import type { CallRow } from "@/wire/messages";

const HEIGHT_MAX = 320;

export function MoveCaller({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const linked = useLinked();
  const queues = useConsole((state) => state.live.queues);
  const { run, pending } = useCommand();
  const others = Object.values(queues)
    .filter(({ queue }) => queue !== row.queue)
    .sort((a, b) => a.name.localeCompare(b.name, language));
  const off = !linked || pending || row.stage !== "waiting" || others.length === 0;
  const move = (queue: string) =>
    void run(() => command({ type: "move_caller", call: row.call, queue }));
  return (
    <Menu position="bottom-end" withinPortal disabled={off}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={off}
          aria-label={t("queue.move")}
          title={t("queue.move")}
        >
          <IconArrowRight size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={HEIGHT_MAX} maw={320} style={{ overflowY: "auto" }}>
        <Menu.Label>{t("queue.moveTo")}</Menu.Label>
        {others.map(({ queue, name, waiting }) => (
          <Menu.Item
            key={queue}
            onClick={() => move(queue)}
            rightSection={
              <Text size="xs" c="dimmed" className="cc-figures">
                {t("queue.moveWaiting", { number: count(waiting, language) })}
              </Text>
            }
          >
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
