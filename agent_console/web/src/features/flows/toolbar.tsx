// The line above the canvas: name and state of saving, undo and redo, what is shown, versions, publish.
import {
  ActionIcon,
  Anchor,
  Button,
  Group,
  Popover,
  SegmentedControl,
  Text,
  Tooltip,
} from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowLeft,
  IconChartBar,
  IconDownload,
  IconHistory,
  IconLayoutDashboard,
  IconSearch,
  type TablerIcon,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useReactFlow } from "@xyflow/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CountersSwitch } from "./counters_switch";
import type { OpenedFlow, View } from "./designer_page";
import { arranged } from "./model/arrange";
import { edit, flowNow, redoOnce, undoOnce, useEditor, useFlow } from "./model/editor";
import { writeFlow } from "./model/flow";
import { PublishDialog } from "./publish_dialog";
import { SavingMark } from "./saving_mark";
import { Search } from "./search";
import { Versions } from "./versions";

interface Props {
  name: string;
  opened: OpenedFlow;
  view: View;
  onView(view: View): void;
  searching: boolean;
  onSearch(open: boolean): void;
}

export function Toolbar({ name, opened, view, onView, searching, onSearch }: Props) {
  const { t } = useTranslation();
  const flow = useFlow();
  const past = useEditor((state) => state.history.past.length > 0);
  const future = useEditor((state) => state.history.future.length > 0);
  const [publishing, setPublishing] = useState(false);
  const [versions, setVersions] = useState(false);
  const [counting, setCounting] = useState(false);
  const screen = useReactFlow();
  const arrange = () => {
    const { catalogue } = useEditor.getState();
    edit("", (now) => ({ ...now, layout: Object.fromEntries(arranged(catalogue, now)) }));
    setTimeout(() => void screen.fitView({ padding: 0.15, maxZoom: 1, duration: 200 }), 50);
  };
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="xs" wrap="nowrap" style={{ minWidth: 0 }}>
        <Anchor component={Link} to="/flows" aria-label={t("flow.all")}>
          <IconArrowLeft size={20} aria-hidden />
        </Anchor>
        <Text component="h2" fw={650} truncate maw={280}>
          {flow.name || name}
        </Text>
        <SavingMark />
      </Group>
      <Group gap={6}>
        {searching && <Search onClose={() => onSearch(false)} />}
        <Tool icon={IconSearch} label={t("flow.searchKeys")} onClick={() => onSearch(!searching)} />
        <Tool icon={IconArrowBackUp} label={t("flow.undoKeys")} off={!past} onClick={undoOnce} />
        <Tool
          icon={IconArrowForwardUp}
          label={t("flow.redoKeys")}
          off={!future}
          onClick={redoOnce}
        />
        <Tool icon={IconLayoutDashboard} label={t("flow.arrange")} onClick={arrange} />
        <Popover position="bottom-end" shadow="md" trapFocus returnFocus keepMounted>
          <Popover.Target>
            <ActionIcon variant="default" size={30} aria-label={t("flow.counters")}>
              <IconChartBar size={17} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown p="sm">
            <CountersSwitch on={counting} onSwitch={setCounting} />
          </Popover.Dropdown>
        </Popover>
        <Tool icon={IconDownload} label={t("flow.download")} onClick={() => download(name)} />
        <Tool icon={IconHistory} label={t("flow.versions")} onClick={() => setVersions(true)} />
        <SegmentedControl
          size="xs"
          value={view}
          onChange={(value) => onView(value as View)}
          aria-label={t("flow.view")}
          data={[
            { value: "canvas", label: t("flow.canvasView") },
            { value: "outline", label: t("flow.outlineView") },
          ]}
        />
        <Button size="xs" onClick={() => setPublishing(true)}>
          {t("flow.publish")}
        </Button>
      </Group>
      {publishing && (
        <PublishDialog name={name} opened={opened} onClose={() => setPublishing(false)} />
      )}
      {versions && <Versions name={name} onClose={() => setVersions(false)} />}
    </Group>
  );
}

function Tool({
  icon: Icon,
  label,
  off = false,
  onClick,
}: {
  icon: TablerIcon;
  label: string;
  off?: boolean;
  onClick(): void;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size={30} aria-label={label} disabled={off} onClick={onClick}>
        <Icon size={17} />
      </ActionIcon>
    </Tooltip>
  );
}

/** What is drawn now, as a file that can be imported again. */
function download(name: string): void {
  const text = JSON.stringify(writeFlow(flowNow()), null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `${name}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1_000);
}
