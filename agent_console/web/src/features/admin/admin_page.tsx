// A small administration, enough to set up a fresh centre: people (with the agent they work as) and
// queues (with who serves them).
import { Tabs, Title } from "@mantine/core";
import {
  IconClock,
  IconFlagCheck,
  IconForms,
  IconPhoneOutgoing,
  IconShieldLock,
  IconStack2,
  IconUsers,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Rows } from "@/components/feedback";
import { needTexts } from "@/state/i18n";
import { Centre } from "./centre";
import { Groups } from "./groups";
import { People } from "./people";
import { Queues } from "./queues";

const CallEnds = lazy(async () => {
  const [page] = await Promise.all([
    import("./calls/call_ends"),
    needTexts("crm"),
    needTexts("knowledge"),
  ]);
  return { default: page.CallEnds };
});
const Definitions = lazy(async () => {
  const [page] = await Promise.all([
    import("./crm/definitions"),
    needTexts("crm"),
    needTexts("knowledge"),
  ]);
  return { default: page.Definitions };
});

const Teams = lazy(async () => {
  const [page] = await Promise.all([import("./teams"), needTexts("floor")]);
  return { default: page.Teams };
});

const OutboundSettings = lazy(async () => {
  const parts = [import("./outbound/settings"), needTexts("outside")] as const;
  const [page] = await Promise.all(parts);
  return { default: page.OutboundSettings };
});

const SignInSettings = lazy(async () => {
  const [page] = await Promise.all([import("./sign_in/settings"), needTexts("account")]);
  return { default: page.SignInSettings };
});

// In the order of a first setting-up; which one is open stands in the address.
const TABS = [
  ["people", IconUsers, "admin.people", People],
  ["queues", IconStack2, "admin.queues", Queues],
  ["groups", IconUsersGroup, "admin.agentGroups", Groups],
  ["teams", IconUsersGroup, "admin.teams", Teams],
  ["centre", IconClock, "admin.centre", Centre],
  ["calls", IconFlagCheck, "admin.callEnds", CallEnds],
  ["outbound", IconPhoneOutgoing, "admin.outbound", OutboundSettings],
  ["customers", IconForms, "admin.customerSide", Definitions],
  ["sign-in", IconShieldLock, "admin.signIn", SignInSettings],
] as const;

export function AdminPage() {
  const { t } = useTranslation();
  const { tab }: { tab?: string } = useSearch({ strict: false });
  const navigate = useNavigate();
  const show = (chosen: string | null) =>
    void navigate({ to: "/admin", search: chosen === null ? {} : { tab: chosen } });
  return (
    <>
      <Title order={2} size="h4" mb="sm">
        {t("page.admin")}
      </Title>
      <Tabs
        value={TABS.find(([value]) => value === tab)?.[0] ?? "people"}
        keepMounted={false}
        onChange={show}
      >
        <Tabs.List mb="md">
          {TABS.map(([value, Icon, label]) => (
            <Tabs.Tab key={value} value={value} leftSection={<Icon size={16} />}>
              {t(label)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(([value, , , Panel]) => (
          <Tabs.Panel key={value} value={value}>
            <Suspense fallback={<Rows count={4} />}>
              <Panel />
            </Suspense>
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
