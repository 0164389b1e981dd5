// Which calls begin with which flow: the table in its order, and the lists of callers it may name.
import { Stack, Tabs, Title } from "@mantine/core";
import { IconListNumbers, IconRoute } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { NumberLists } from "./number_lists";
import { RouteTable } from "./route_table";

export function RoutesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab } = useSearch({ from: "/inside/routes" });
  return (
    <Stack>
      <Title order={2} size="h4">
        {t("page.routes")}
      </Title>
      <Tabs
        value={tab === "lists" ? "lists" : "table"}
        onChange={(chosen) =>
          void navigate({ to: "/routes", search: chosen === "lists" ? { tab: "lists" } : {} })
        }
        keepMounted={false}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="table" leftSection={<IconRoute size={16} />}>
            {t("rules.table")}
          </Tabs.Tab>
          <Tabs.Tab value="lists" leftSection={<IconListNumbers size={16} />}>
            {t("rules.lists")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="table">
          <RouteTable />
        </Tabs.Panel>
        <Tabs.Panel value="lists">
          <NumberLists />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}
