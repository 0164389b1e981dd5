// The middle of the desk: what was before, the script of the call, and what the house knows. Only the first
// comes with the desk; the others are loaded when they are opened, or while nothing else is to do.
import { Card, Group, Tabs } from "@mantine/core";
import { IconBook, IconHistory, IconListCheck } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Rows } from "@/components/feedback";
import { Late, late } from "@/components/late";
import { needTexts } from "@/state/i18n";
import type { CallRow } from "@/wire/messages";

const KNOWLEDGE = late(async () => {
  const [part] = await Promise.all([
    import("@/components/knowledge/desk_knowledge"),
    needTexts("knowledge"),
  ]);
  return part.DeskKnowledge;
});
const SCRIPT = late(async () => {
  const [part] = await Promise.all([
    import("@/components/scripts/desk_script"),
    needTexts("knowledge"),
    needTexts("crm"),
  ]);
  return part.DeskScript;
});

const TABS = ["history", "script", "knowledge"] as const;
type Tab = (typeof TABS)[number];

/** `children`: the history. `actions`: what stands beside its title. */
export function DeskTabs({
  row,
  actions,
  children,
}: {
  row: CallRow;
  actions: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [tab, setTab] = useState<Tab>("history");
  return (
    <Card withBorder>
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={(value) => setTab(TABS.find((one) => one === value) ?? "history")}
      >
        <Group justify="space-between" mb="sm" gap="xs">
          <Tabs.List>
            <Tabs.Tab value="history" leftSection={<IconHistory size={16} />}>
              {t("timeline.title")}
            </Tabs.Tab>
            <Tabs.Tab value="script" leftSection={<IconListCheck size={16} />}>
              {t("desk.script")}
            </Tabs.Tab>
            <Tabs.Tab value="knowledge" leftSection={<IconBook size={16} />}>
              {t("desk.knowledge")}
            </Tabs.Tab>
          </Tabs.List>
          {actions}
        </Group>
        <Tabs.Panel value="history">{children}</Tabs.Panel>
        <Tabs.Panel value="script">
          <Late part={SCRIPT} props={{ row }} meanwhile={<Rows count={4} />} />
        </Tabs.Panel>
        <Tabs.Panel value="knowledge">
          <Late part={KNOWLEDGE} props={{ row }} meanwhile={<Rows count={4} />} />
        </Tabs.Panel>
      </Tabs>
    </Card>
  );
}
