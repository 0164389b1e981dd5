// The ways out of the wrap-up: ready, pause, more time.
import { Button, Stack } from "@mantine/core";
import { IconCheck, IconClockPlus, IconPlayerPause } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { command } from "@/state/console";
import type { CallRow } from "@/wire/messages";

export function WrapUpButtons({
  row,
  linked,
  pending,
  finish,
}: {
  row: CallRow;
  linked: boolean;
  pending: boolean;
  finish: (then: "available" | "pause") => Promise<void>;
}) {
  const { t } = useTranslation();
  const extend = useCommand();
  return (
    <Stack gap="xs">
      <Button
        color="green"
        size="md"
        leftSection={<IconCheck size={18} />}
        disabled={!linked}
        loading={pending}
        onClick={() => void finish("available")}
      >
        {t("wrapUp.finish")}
      </Button>

      <Button
        variant="default"
        leftSection={<IconPlayerPause size={16} />}
        disabled={!linked || pending}
        onClick={() => void finish("pause")}
      >
        {t("wrapUp.finishPause")}
      </Button>
      {row.wrap_up_until !== null && (
        <Button
          variant="default"
          leftSection={<IconClockPlus size={16} />}
          disabled={!linked || row.extensions_left === 0}
          loading={extend.pending}
          onClick={() => void extend.run(() => command({ type: "extend_wrap_up", call: row.call }))}
        >
          {t("wrapUp.extend", { count: row.extensions_left })}
        </Button>
      )}
    </Stack>
  );
}
