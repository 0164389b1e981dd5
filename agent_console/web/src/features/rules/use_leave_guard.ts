// Leaving a page with changes that are not saved: the browser asks, and so do links inside the console.
import { useBlocker } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

export function useLeaveGuard(changed: boolean): void {
  const { t } = useTranslation();
  useBlocker({
    shouldBlockFn: ({ current, next }) =>
      changed && current.pathname !== next.pathname && !window.confirm(t("rules.leave")),
    enableBeforeUnload: () => changed,
  });
}
