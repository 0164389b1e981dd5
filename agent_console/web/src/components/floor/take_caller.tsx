// A supervisor who is an agent too takes a waiting caller himself, whatever the order says.
import { ActionIcon } from "@mantine/core";
import { IconHandGrab } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { command, useConsole, useLinked } from "@/state/console";
import type { CallRow } from "@/wire/messages";

export function TakeCaller({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const agent = useConsole((state) => state.live.agent);
  const { run, pending } = useCommand();
  if (agent === null) return null;
  return (
    <ActionIcon
      variant="subtle"
      disabled={!linked || pending || row.stage !== "waiting"}
      aria-label={t("floor.take")}
      title={t("floor.take")}
      onClick={() => void run(() => command({ type: "take_caller", call: row.call }))}
    >
      <IconHandGrab size={18} />
    </ActionIcon>
  );
}
