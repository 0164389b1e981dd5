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

export function AdminPage() {
  const { t } = useTranslation();
  return (
    <>
      <Title order={2} size="h4" mb="sm">
        {t("page.admin")}
      </Title>
      <Tabs defaultValue="people" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="people" leftSection={<IconUsers size={16} />}>
            {t("admin.people")}
          </Tabs.Tab>
          <Tabs.Tab value="queues" leftSection={<IconStack2 size={16} />}>
            {t("admin.queues")}
          </Tabs.Tab>
          <Tabs.Tab value="groups" leftSection={<IconUsersGroup size={16} />}>
            {t("admin.agentGroups")}
          </Tabs.Tab>
          <Tabs.Tab value="teams" leftSection={<IconUsersGroup size={16} />}>
            {t("admin.teams")}
          </Tabs.Tab>
          <Tabs.Tab value="centre" leftSection={<IconClock size={16} />}>
            {t("admin.centre")}
          </Tabs.Tab>
          <Tabs.Tab value="calls" leftSection={<IconFlagCheck size={16} />}>
            {t("admin.callEnds")}
          </Tabs.Tab>
          <Tabs.Tab value="outbound" leftSection={<IconPhoneOutgoing size={16} />}>
            {t("admin.outbound")}
          </Tabs.Tab>
          <Tabs.Tab value="customers" leftSection={<IconForms size={16} />}>
            {t("admin.customerSide")}
          </Tabs.Tab>
          <Tabs.Tab value="sign-in" leftSection={<IconShieldLock size={16} />}>
            {t("admin.signIn")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="people">
          <People />
        </Tabs.Panel>
        <Tabs.Panel value="queues">
          <Queues />
        </Tabs.Panel>
        <Tabs.Panel value="groups">
          <Groups />
        </Tabs.Panel>
        <Tabs.Panel value="teams">
          <Suspense fallback={<Rows count={4} />}>
            <Teams />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="centre">
          <Centre />
        </Tabs.Panel>
        <Tabs.Panel value="calls">
          <Suspense fallback={<Rows count={4} />}>
            <CallEnds />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="outbound">
          <Suspense fallback={<Rows count={4} />}>
            <OutboundSettings />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="customers">
          <Suspense fallback={<Rows count={4} />}>
            <Definitions />
          </Suspense>
        </Tabs.Panel>
        <Tabs.Panel value="sign-in">
          <Suspense fallback={<Rows count={6} />}>
            <SignInSettings />
          </Suspense>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
