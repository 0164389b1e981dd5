// Ctrl+K: go anywhere, change the state, by typing.
import { Spotlight, type SpotlightActionData } from "@mantine/spotlight";
import {
  IconArrowRight,
  IconKeyboard,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { nameOf, useChoices, useLanguage } from "@/state/choices";
import { command, useOwnRow } from "@/state/console";
import { openKeySheet } from "@/state/key_sheet";
import { PATHS, pagesOf, useSession } from "@/state/session";

export function Palette() {
  const { t } = useTranslation();
  const language = useLanguage();
  const navigate = useNavigate();
  const session = useSession();
  const row = useOwnRow();
  const { pause_reasons } = useChoices();
  const { run } = useCommand();
  const actions: SpotlightActionData[] = pagesOf(session).map((page) => ({
    id: `go-${page}`,
    label: t(`page.${page}`),
    leftSection: <IconArrowRight size={18} />,
    onClick: () => void navigate({ to: PATHS[page] }),
  }));
  if (row !== null && row.state !== "offline") {
    actions.push({
      id: "ready",
      label: t("action.goReady"),
      leftSection: <IconPlayerPlay size={18} />,
      onClick: () => void run(() => command({ type: "go_available" })),
    });
    for (const reason of pause_reasons) {
      actions.push({
        id: `pause-${reason.code}`,
        label: `${t("stateMenu.pause")} ${nameOf(reason, language)}`,
        leftSection: <IconPlayerPause size={18} />,
        onClick: () => void run(() => command({ type: "pause", reason: reason.code })),
      });
    }
  }
  actions.push({
    id: "keys",
    label: t("keys.title"),
    leftSection: <IconKeyboard size={18} />,
    onClick: openKeySheet,
  });
  return (
    <Spotlight
      actions={actions}
      shortcut="mod + K"
      tagsToIgnore={[]}
      highlightQuery
      nothingFound={t("palette.nothing")}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t("palette.hint"),
        "aria-label": t("palette.hint"),
      }}
    />
  );
}
