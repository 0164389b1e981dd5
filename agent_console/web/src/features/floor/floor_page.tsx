// The floor: alerts, messages, wallboards and ghosts, each a tab that stands in the address.
import { Tabs, Title } from "@mantine/core";
import { IconBell, IconDeviceTv, IconGhost2, IconMessage } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Alerts } from "./alerts";
import { Ghosts } from "./ghosts";
import { Messages } from "./messages";
import { Walls } from "./walls";

const TABS = ["alerts", "messages", "walls", "ghosts"] as const;
type Tab = (typeof TABS)[number];
const isTab = (text: string | undefined): text is Tab => TABS.includes(text as Tab);

export function FloorPage() {
  const { t } = useTranslation();
  const { tab } = useSearch({ from: "/inside/live/floor" });
  const navigate = useNavigate();
  return (
    <>
      <Title order={2} size="h4" mb="sm">
        {t("page.floor")}
      </Title>
      <Tabs
        value={isTab(tab) ? tab : "alerts"}
        keepMounted={false}
        onChange={(chosen) =>
          void navigate({ to: "/live/floor", search: chosen === null ? {} : { tab: chosen } })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="alerts" leftSection={<IconBell size={16} />}>
            {t("floor.alerts")}
          </Tabs.Tab>
          <Tabs.Tab value="messages" leftSection={<IconMessage size={16} />}>
            {t("floor.messages")}
          </Tabs.Tab>
          <Tabs.Tab value="walls" leftSection={<IconDeviceTv size={16} />}>
            {t("floor.walls")}
          </Tabs.Tab>
          <Tabs.Tab value="ghosts" leftSection={<IconGhost2 size={16} />}>
            {t("floor.ghosts")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="alerts">
          <Alerts />
        </Tabs.Panel>
        <Tabs.Panel value="messages">
          <Messages />
        </Tabs.Panel>
        <Tabs.Panel value="walls">
          <Walls />
        </Tabs.Panel>
        <Tabs.Panel value="ghosts">
          <Ghosts />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
