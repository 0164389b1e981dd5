// The frame around every page: rail, header, the two link banners, and what must be there on all pages
// (incoming call, announcements, keys).
import { Alert, Group, Stack, Text, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconAddressBook,
  IconBook,
  IconCheckbox,
  IconChecklist,
  IconHeadset,
  IconHistory,
  IconPhoneOutgoing,
  IconPlayerRecord,
  IconRecordMail,
  IconTicket,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch, ThemeSwitch } from "@/components/switches";
import { IncomingCard } from "@/features/incoming/incoming_card";
import { startConsole, stopConsole, useConsole } from "@/state/console";
import { needTexts } from "@/state/i18n";
import { PATHS, type PageKey, pagesOf, queryClient, useSession } from "@/state/session";
import { dropShift } from "@/state/shift";
import { AccountMenu } from "./account_menu";
import { Announcements } from "./announcements";
import { ByKeys } from "./by_keys";
import { HealthDots } from "./health_dots";
import { LinkBanners } from "./link_banners";
import { NewMessages } from "./new_messages";
import { ShelfMenu } from "./shelf_menu";
import { ShiftKeeper } from "./shift_keeper";
import { StateMenu } from "./state_menu";

const AlertBell = lazy(async () => {
  const [module] = await Promise.all([import("@/components/floor/alert_bell"), needTexts("floor")]);
  return { default: module.AlertBell };
});
const DeskMessages = lazy(async () => ({
  default: (await import("@/components/floor/desk_messages")).DeskMessages,
}));
const HearingDock = lazy(async () => {
  const [module] = await Promise.all([import("@/components/hearing/dock"), needTexts("hearing")]);
  return { default: module.HearingDock };
});
const OfficeIcon = lazy(async () => ({ default: (await import("./office_icon")).OfficeIcon }));
const OutsideLinks = lazy(async () => ({
  default: (await import("./outside_links")).OutsideLinks,
}));

/** Of the pages that everybody has; the others' icons are not for an agent to fetch. */
const ICONS: Partial<Record<PageKey, TablerIcon>> = {
  desk: IconHeadset,
  calls: IconHistory,
  customers: IconAddressBook,
  tickets: IconTicket,
  tasks: IconCheckbox,
  knowledge: IconBook,
  recordings: IconPlayerRecord,
  quality: IconChecklist,
  voicemail: IconRecordMail,
  callbacks: IconPhoneOutgoing,
};

export function Frame() {
  const { t } = useTranslation();
  const session = useSession();
  const isAgent = session.agent !== null;
  const stale = useConsole(({ link, live }) => live.known && link.phase !== "open");
  useEffect(() => {
    startConsole();
  }, []);
  useLeaveWhenSignedOut();
  return (
    <>
      <a href="#main" className="cc-skip">
        {t("frame.skip")}
      </a>
      <header className="cc-header">
        <Header isAgent={isAgent} watches={session.role !== "agent"} />
      </header>
      <nav className="cc-pages" aria-label={t("frame.pages")}>
        <Stack gap={4}>
          {pagesOf(session).map((page) => (
            <RailLink key={page} page={page} />
          ))}
        </Stack>
      </nav>
      <main className="cc-main" id="main" tabIndex={-1}>
        <LinkBanners isAgent={isAgent} />
        <div id="cc-alerts" />
        {session.role === "agent" && !isAgent && (
          <Alert color="yellow" variant="light" py="xs" mb="sm" role="status">
            {t("frame.noAgent")}
          </Alert>
        )}
        {isAgent && (
          <Suspense>
            <DeskMessages />
          </Suspense>
        )}
        {session.agent !== null && (
          <Suspense>
            <OutsideLinks agent={session.agent} />
          </Suspense>
        )}
        <div className={stale ? "cc-stale" : undefined}>
          <Outlet />
        </div>
      </main>
      {isAgent && (
        <>
          <IncomingCard />
          <ShiftKeeper />
        </>
      )}
      {session.role !== "agent" && (
        <Suspense>
          <HearingDock />
        </Suspense>
      )}
      <Announcements />
      <ByKeys />
    </>
  );
}

/** The session ended: by time, by another tab, by an administrator. */
function useLeaveWhenSignedOut(): void {
  const out = useConsole(({ link }) => link.phase === "signed-out");
  const navigate = useNavigate();
  useEffect(() => {
    if (!out) return;
    dropShift();
    stopConsole();
    void navigate({ to: "/login", replace: true }).then(() => queryClient.clear());
  }, [out, navigate]);
}

function Header({ isAgent, watches }: { isAgent: boolean; watches: boolean }) {
  const { t } = useTranslation();
  return (
    <Group h="100%" px="md" justify="space-between" wrap="nowrap">
      <Group gap="xs" wrap="nowrap">
        <IconHeadset size={24} color="var(--mantine-primary-color-filled)" aria-hidden />
        <Text fw={700} visibleFrom="sm">
          {t("product.name")}
        </Text>
      </Group>
      <Group gap="sm" wrap="nowrap">
        {isAgent && <ShelfMenu />}
        {watches && (
          <Suspense>
            <AlertBell />
          </Suspense>
        )}
        {isAgent && <StateMenu />}
        {isAgent && <HealthDots />}
        <LanguageSwitch />
        <ThemeSwitch />
        <AccountMenu />
      </Group>
    </Group>
  );
}

function RailLink({ page }: { page: PageKey }) {
  const { t } = useTranslation();
  const current = useLocation({ select: ({ pathname }) => pathname.startsWith(PATHS[page]) });
  const Icon = ICONS[page];
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <Tooltip label={t(`page.${page}`)} position="right">
      <UnstyledButton
        component={Link}
        ref={link}
        to={PATHS[page]}
        className="cc-rail"
        data-current={current || undefined}
        aria-current={current ? "page" : undefined}
      >
        {Icon === undefined ? (
          <Suspense fallback={<span className="cc-rail-icon" />}>
            <OfficeIcon page={page} />
          </Suspense>
        ) : (
          <Icon size={22} stroke={1.7} aria-hidden />
        )}
        {page === "voicemail" && <NewMessages />}
        <Text size="10px" fw={600} ta="center" lh={1.2}>
          {t(`rail.${page}`)}
        </Text>
      </UnstyledButton>
    </Tooltip>
  );
}
