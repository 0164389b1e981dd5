// What other systems may do here, and what they are told: API keys and webhooks.
import { Tabs, Title } from "@mantine/core";
import { IconKey, IconWebhook } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Keys } from "./keys";
import { Webhooks } from "./webhooks";

export function ConnectionsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { tab = "keys" } = useSearch({ from: "/inside/connections" });
  return (
    <>
      <Title order={2} size="h4" mb="sm">
        {t("page.connections")}
      </Title>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(next) =>
          void navigate({ to: "/connections", search: { tab: next ?? "keys" }, replace: true })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="keys" leftSection={<IconKey size={16} />}>
            {t("keyring.title")}
          </Tabs.Tab>
          <Tabs.Tab value="webhooks" leftSection={<IconWebhook size={16} />}>
            {t("webhook.title")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="keys">
          <Keys />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks">
          <Webhooks />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
