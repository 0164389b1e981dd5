// Into a call that goes on: a button at an agent or a call, with the three ways of being there.
import { Menu } from "@mantine/core";
import { IconEar, IconMessage2, IconUsersPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { notify } from "@/components/notices";
import { MenuButton } from "@/components/on_demand";
import { useConsole, useLinked } from "@/state/console";
import { hear } from "@/state/hearing";
import { useSession } from "@/state/session";
import type { HearingMode } from "@/wire/hearing";
import type { CallRow } from "@/wire/messages";
import { useEarCommand } from "./use_ear";

export const MODES = [
  { mode: "listen", icon: IconEar },
  { mode: "whisper", icon: IconMessage2 },
  { mode: "barge", icon: IconUsersPlus },
] as const satisfies readonly { mode: HearingMode; icon: typeof IconEar }[];

/** Whether a supervisor who is this agent may go into the call now. */
export function canHear(row: CallRow | undefined, me: string | null): row is CallRow {
  if (row === undefined || row.agent === null) return false;
  const mine = me !== null && [row.agent, row.consult?.agent, row.peer].includes(me);
  return !mine && (row.stage === "talking" || row.stage === "held");
}

export function HearMenu({ row, agent }: { row: CallRow | undefined; agent: string }) {
  const { t } = useTranslation();
  const session = useSession();
  const linked = useLinked();
  const asterisk = useConsole((state) => state.backend.asterisk);
  const { act, pending } = useEarCommand();
  if (!canHear(row, session.agent)) return null;
  const { call } = row;
  const begin = (mode: HearingMode) =>
    void act(() =>
      hear(call, mode, (reason) =>
        notify({ color: "red", title: t("hearing.failed"), message: reason }),
      ),
    );
  return (
    <MenuButton
      variant="light"
      disabled={!linked || !asterisk || pending}
      label={t("hearing.begin", { name: agent })}
      shown
      icon={<IconEar size={18} />}
    >
      {MODES.map(({ mode, icon: Icon }) => (
        <Menu.Item key={mode} leftSection={<Icon size={16} />} onClick={() => begin(mode)}>
          {t(`hearing.${mode}`)}
        </Menu.Item>
      ))}
    </MenuButton>
  );
}
