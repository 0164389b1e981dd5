// What other systems may do here, and what they are told: API keys, webhooks,
// the public form and pages that open with a call.
import { Tabs, Title } from "@mantine/core";
import { IconForms, IconKey, IconWebhook, IconWindow } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { FormTab } from "./form_rules";
import { Keys } from "./keys";
import { PopsTab } from "./screen_pops";
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
          <Tabs.Tab value="form" leftSection={<IconForms size={16} />}>
            {t("webForm.title")}
          </Tabs.Tab>
          <Tabs.Tab value="pops" leftSection={<IconWindow size={16} />}>
            {t("pops.title")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="keys">
          <Keys />
        </Tabs.Panel>
        <Tabs.Panel value="webhooks">
          <Webhooks />
        </Tabs.Panel>
        <Tabs.Panel value="form">
          <FormTab />
        </Tabs.Panel>
        <Tabs.Panel value="pops">
          <PopsTab />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
