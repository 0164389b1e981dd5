// Saved views: a name for what the address asks for; own ones, and those that others share.
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Popover,
  Stack,
  Text,
  TextInput,
  UnstyledButton,
} from "@mantine/core";
import { IconBookmark, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import type { ReportsSearch } from "@/state/addresses";
import { type Asked, listViews, removeView, saveView } from "@/wire/reports";
import { daysBetween } from "./asked";

export function SavedViews({
  report,
  asked,
  onOpen,
}: {
  report: string;
  asked: Asked;
  onOpen: (search: ReportsSearch) => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState("");
  const [shared, setShared] = useState(false);
  const views = useQuery({ queryKey: ["report-views"], queryFn: listViews, enabled: opened });
  const refresh = () => void client.invalidateQueries({ queryKey: ["report-views"] });
  const save = useMutation({
    mutationFn: () =>
      saveView({
        name,
        report,
        shared,
        filter: {
          days: daysBetween(asked.first, asked.last),
          interval: asked.interval,
          queues: asked.queues.join(","),
          agents: asked.agents.join(","),
          compare: asked.compare,
          zone: asked.zone,
        },
      }),
    onSuccess: () => {
      setName("");
      refresh();
    },
  });
  const remove = useMutation({ mutationFn: removeView, onSuccess: refresh });
  const open = (view: { report: string; filter: Record<string, unknown> }) => {
    const text = (key: string) =>
      typeof view.filter[key] === "string" && view.filter[key] !== ""
        ? view.filter[key]
        : undefined;
    setOpened(false);
    const days = Number(view.filter.days) || 7;
    const last = asked.last;
    const first = new Date(Date.parse(`${last}T00:00:00Z`) - (days - 1) * 86_400_000);
    onOpen({
      report: view.report,
      first: first.toISOString().slice(0, 10),
      last,
      interval: text("interval") as string | undefined,
      queues: text("queues") as string | undefined,
      agents: text("agents") as string | undefined,
      compare: text("compare") as string | undefined,
      zone: text("zone") as string | undefined,
    });
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withArrow position="bottom-end">
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconBookmark size={16} />}
          onClick={() => setOpened(!opened)}
        >
          {t("report.views")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown w={340}>
        <Stack gap="xs">
          {views.data?.length === 0 && <Text size="sm">{t("report.noViews")}</Text>}
          {views.data?.map((view) => (
            <Group key={view.id} justify="space-between" wrap="nowrap">
              <UnstyledButton onClick={() => open(view)} style={{ overflowWrap: "anywhere" }}>
                <Text size="sm">{view.name}</Text>
                <Text size="xs" c="dimmed">
                  {t(`reportName.${view.report}` as "reportName.queues")}
                  {view.shared && ` · ${t("report.shared")}`}
                </Text>
              </UnstyledButton>
              {view.mine && (
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={t("report.removeView", { name: view.name })}
                  onClick={() => remove.mutate(view.id)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              )}
            </Group>
          ))}
          {(views.isError || save.isError) && <Failure error={views.error ?? save.error} />}
          <TextInput
            label={t("report.viewName")}
            maxLength={80}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox
            label={t("report.share")}
            checked={shared}
            onChange={(event) => setShared(event.currentTarget.checked)}
          />
          <Button
            disabled={name.trim() === ""}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            {t("report.saveView")}
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
