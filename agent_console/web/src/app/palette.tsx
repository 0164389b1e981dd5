// The command palette: go anywhere, change the state, find customers, tickets, articles and colleagues.
// Loaded by the first press of its keys (`by_keys`), so it opens as it comes.
import {
  openSpotlight,
  Spotlight,
  type SpotlightActionData,
  type SpotlightActionGroupData,
} from "@mantine/spotlight";
import {
  IconAddressBook,
  IconArrowRight,
  IconBook2,
  IconKeyboard,
  IconPhoneOutgoing,
  IconPlayerPause,
  IconPlayerPlay,
  IconSearch,
  IconTicket,
  IconUser,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMayDial } from "@/components/dial_button";
import { useCommand } from "@/components/use_command";
import { nameOf, useChoices, useLanguage } from "@/state/choices";
import { command, useConsole, useOwnRow } from "@/state/console";
import { phone } from "@/state/format";
import { openKeySheet } from "@/state/key_sheet";
import { PATHS, pagesOf, useSession } from "@/state/session";
import { useShortcuts } from "@/state/shortcuts";
import { useFound } from "./palette_records";

const AGENTS_MAX = 5;

export function Palette() {
  const { t } = useTranslation();
  const [query, setQuery] = useState("");
  const keys = useShortcuts((state) => state.palette);
  const actions = useActions();
  const records = useRecords(query);
  useEffect(() => openSpotlight(), []);
  const wanted = query.trim().toLowerCase();
  const fitting = actions.filter(({ label }) => (label ?? "").toLowerCase().includes(wanted));
  const groups: SpotlightActionGroupData[] = [
    { group: t("palette.actions"), actions: fitting },
    ...records.groups,
  ];
  const busy = records.busy ? t("palette.searching") : t("palette.nothing");
  return (
    <Spotlight
      actions={groups.filter((group) => group.actions.length > 0)}
      filter={(_, all) => all}
      query={query}
      onQueryChange={setQuery}
      shortcut={keys.replace("+", " + ")}
      tagsToIgnore={[]}
      highlightQuery
      scrollable
      maxHeight="60vh"
      nothingFound={records.failed ? t("palette.failed") : busy}
      searchProps={{
        leftSection: <IconSearch size={18} />,
        placeholder: t("palette.hint"),
        "aria-label": t("palette.hint"),
      }}
    />
  );
}

/** Pages and deeds. */
function useActions(): SpotlightActionData[] {
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
  return actions;
}

interface Records {
  groups: SpotlightActionGroupData[];
  busy: boolean;
  failed: boolean;
}

/** What the server finds, and colleagues, who are known here. */
function useRecords(query: string): Records {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { agent_names } = useChoices();
  const watches = pagesOf(useSession()).includes("agents");
  const me = useConsole(({ live }) => live.agent);
  const { allowed, free } = useMayDial();
  const { run } = useCommand();
  const { customers, tickets, articles, busy, failed } = useFound(query);
  const wanted = query.trim().toLowerCase();
  const agents =
    wanted === "" || !(watches || (allowed && free))
      ? []
      : Object.entries(agent_names)
          .filter(([id, name]) => id !== me && `${name} ${id}`.toLowerCase().includes(wanted))
          .slice(0, AGENTS_MAX);
  const groups: SpotlightActionGroupData[] = [
    {
      group: t("page.customers"),
      actions: customers.map((one) => ({
        id: `customer-${one.id}`,
        label: one.name || one.company || one.id,
        description: [one.company, ...one.numbers.slice(0, 1).map((each) => phone(each.number))]
          .filter(Boolean)
          .join(" · "),
        leftSection: <IconAddressBook size={18} />,
        onClick: () => void navigate({ to: "/customers", search: { id: one.id } }),
      })),
    },
    {
      group: t("page.tickets"),
      actions: tickets.map((one) => ({
        id: `ticket-${one.id}`,
        label: `#${one.number} ${one.subject}`,
        leftSection: <IconTicket size={18} />,
        onClick: () => void navigate({ to: "/tickets", search: { id: one.id } }),
      })),
    },
    {
      group: t("page.knowledge"),
      actions: articles.map((one) => ({
        id: `article-${one.id}`,
        label: one.title,
        leftSection: <IconBook2 size={18} />,
        onClick: () => void navigate({ to: "/knowledge", search: { id: one.id } }),
      })),
    },
    {
      group: t("palette.colleagues"),
      actions: agents.map(([id, name]) => ({
        id: `agent-${id}`,
        label: name,
        description: watches ? id : t("palette.callColleague"),
        leftSection: watches ? <IconUser size={18} /> : <IconPhoneOutgoing size={18} />,
        onClick: () =>
          watches
            ? void navigate({ to: "/live/agents" })
            : void run(() => command({ type: "call_colleague", agent: id })),
      })),
    },
  ];
  return { groups, busy, failed };
}
