// The keys of a call: Alt+M mute, Alt+H hold, Alt+K keypad, Alt+T transfer, Alt+Q hang up (asked again within 3 s of the
// answer). All carry a modifier, so they work inside text fields and type nothing.

import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "@/components/notices";
import { useCommand } from "@/components/use_command";
import { serverNow } from "@/state/clock";
import { command } from "@/state/console";
import { hangUp, mute, useLeg } from "@/state/shift";
import { useShortcut } from "@/state/shortcuts";
import type { CallRow } from "@/wire/messages";

const CONFIRM_WITHIN_SECONDS = 3;

export const toggleHold = (row: CallRow): Promise<void> =>
  command({ type: "hold", call: row.call, hold: row.stage !== "held" });

export function useDeskKeys(row: CallRow) {
  const { t } = useTranslation();
  const { run } = useCommand();
  const [keypad, setKeypad] = useState(false);
  const [giving, setGiving] = useState(false);
  const asked = useRef(0);
  const leg = useLeg();

  const end = () => {
    const fresh = serverNow() - (row.talk_since ?? 0) < CONFIRM_WITHIN_SECONDS;
    if (fresh && Date.now() - asked.current > CONFIRM_WITHIN_SECONDS * 1000) {
      asked.current = Date.now();
      notify({ id: "hang-up-again", color: "yellow", message: t("call.hangUpAgain") });
      return;
    }
    void run(() => hangUp(row.call));
  };

  useShortcut("mute", () => leg !== null && mute(!leg.muted));
  useShortcut("hold", () => void run(() => toggleHold(row)));
  useShortcut("transfer", () => setGiving((open) => !open));
  useShortcut("keypad", () => setKeypad((open) => !open));
  useShortcut("hangUp", end);

  return { keypad, setKeypad, giving, setGiving };
}
