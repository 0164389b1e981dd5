// Staffing: how many are needed, who is planned when, and what would happen otherwise; each a tab that
// stands in the address.
import { Tabs, Title } from "@mantine/core";
import { IconArrowsSplit2, IconCalculator, IconCalendarWeek } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { StaffingSearch } from "@/state/addresses";
import { PlanTab } from "./plan_tab";
import { StaffingPage } from "./staffing_page";
import { WhatIfTab } from "./what_if_tab";

const TABS = ["needed", "plan", "what-if"] as const;

export function StaffingTabs() {
  const { t } = useTranslation();
  const search: StaffingSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const tab = TABS.find((one) => one === search.tab) ?? "needed";
  return (
    <>
      <Title order={2} size="h4" mb="sm">
        {t("page.staffing")}
      </Title>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(chosen) =>
          void navigate({ to: "/staffing", search: chosen === null ? {} : { tab: chosen } })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="needed" leftSection={<IconCalculator size={16} />}>
            {t("plan.tabNeeded")}
          </Tabs.Tab>
          <Tabs.Tab value="plan" leftSection={<IconCalendarWeek size={16} />}>
            {t("plan.tabPlan")}
          </Tabs.Tab>
          <Tabs.Tab value="what-if" leftSection={<IconArrowsSplit2 size={16} />}>
            {t("plan.tabWhatIf")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="needed">
          <StaffingPage />
        </Tabs.Panel>
        <Tabs.Panel value="plan">
          <PlanTab />
        </Tabs.Panel>
        <Tabs.Panel value="what-if">
          <WhatIfTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
