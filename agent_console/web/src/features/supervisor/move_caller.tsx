// A waiting caller goes to another queue: a menu of the others, with how many wait there.
import { Menu, Text } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { MenuButton } from "@/components/on_demand";
import { useCommand } from "@/components/use_command";
import { useLanguage } from "@/state/choices";
import { command, useConsole, useLinked } from "@/state/console";
import { count } from "@/state/format";
import type { CallRow } from "@/wire/messages";

const WIDTH_MAX = 320;
const HEIGHT_MAX = 320;

export function MoveCaller({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const anywhere = useConsole(({ live }) =>
    Object.keys(live.queues).some((queue) => queue !== row.queue),
  );
  const { run, pending } = useCommand();
  const off = !linked || pending || row.stage !== "waiting" || !anywhere;
  const move = (queue: string) =>
    void run(() => command({ type: "move_caller", call: row.call, queue }));
  return (
    <MenuButton
      variant="subtle"
      color="gray"
      disabled={off}
      label={t("queue.move")}
      shown
      icon={<IconArrowRight size={18} />}
      width={WIDTH_MAX}
      height={HEIGHT_MAX}
    >
      <Menu.Label>{t("queue.moveTo")}</Menu.Label>
      <Others than={row.queue} move={move} />
    </MenuButton>
  );
}

/** There only while the menu is open: who waits where changes all the time. */
function Others({ than, move }: { than: string | null; move: (queue: string) => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queues = useConsole((state) => state.live.queues);
  return Object.values(queues)
    .filter(({ queue }) => queue !== than)
    .sort((a, b) => a.name.localeCompare(b.name, language))
    .map(({ queue, name, waiting }) => (
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
    ));
}
