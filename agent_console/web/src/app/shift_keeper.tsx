// Keeps the shift of this tab and the server's picture of it together: takes it up after a reload, joins
// as a second tab, ends it here when the server ended it, and asks before the page is left in a call.

import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "@/components/notices";
import { useConsole, useOwnRow } from "@/state/console";
import { dropShift, readyPhone, rememberedShift, useShift } from "@/state/shift";

export function ShiftKeeper() {
  const { t } = useTranslation();
  const row = useOwnRow();
  const known = useConsole((state) => state.live.known);
  const kind = useShift((state) => state.kind);
  const calling = useShift((state) => state.phone.call?.phase === "up");
  const on = row !== null && row.state !== "offline";
  const device = row?.device ?? "";
  const was = useRef(false);

  useEffect(() => {
    if (!known) return;
    if (on && kind === null) {
      void readyPhone(rememberedShift() ?? (device.startsWith("d") ? "desk" : "browser"));
    }
    if (was.current && !on && kind !== null) {
      dropShift();
      notify({ color: "yellow", message: t("shift.ended"), autoClose: 10_000 });
    }
    was.current = on;
  }, [known, on, kind, device, t]);

  useEffect(() => {
    if (!calling) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [calling]);

  return null;
}
