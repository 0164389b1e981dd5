// The agent's state in the header, with its timer; a click changes it. While busy the wish is for
// later, and the badge beside shows it and takes it back.
import { ActionIcon, Badge, Group, Menu, Text, UnstyledButton } from "@mantine/core";
import {
  IconChevronDown,
  IconPlayerPause,
  IconPlayerPlay,
  IconPower,
  IconX,
} from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { StateChip } from "@/components/state_chip";
import { useCommand } from "@/components/use_command";
import { nameOf, useChoices, useLanguage, usePauseName } from "@/state/choices";
import { command, useLinked, useOwnRow } from "@/state/console";
import { duration } from "@/state/format";
import { endShift } from "@/state/shift";
import { useShortcut } from "@/state/shortcuts";

export function StateMenu() {
  const { t } = useTranslation();
  const language = useLanguage();
  const row = useOwnRow();
  const pauseName = usePauseName();
  const linked = useLinked();
  const { pause_reasons } = useChoices();
  const { run, pending } = useCommand();
  const [open, setOpen] = useState(false);
  useShortcut("pause", () => setOpen((was) => !was));
  if (row === null) return null;
  const off = !linked || row.state === "offline";
  return (
    <Group gap={6} wrap="nowrap">
      <Menu
        opened={open}
        onChange={setOpen}
        position="bottom-end"
        width={260}
        withinPortal
        disabled={off}
      >
        <Menu.Target>
          <UnstyledButton
            aria-busy={pending}
            disabled={off}
            data-testid="own-state"
            data-state={row.state}
          >
            <Group gap={8} wrap="nowrap">
              <span className="cc-only-heard">{t("stateMenu.label")}</span>
              <StateChip row={row} />
              {row.state !== "offline" && (
                <Text size="sm" fw={600} visibleFrom="xs">
                  <Elapsed since={row.since} limit={row.limit_seconds} />
                </Text>
              )}
              <IconChevronDown size={14} aria-hidden />
            </Group>
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconPlayerPlay size={16} color="var(--mantine-color-green-6)" />}
            onClick={() => void run(() => command({ type: "go_available" }))}
          >
            {t("action.goReady")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{t("stateMenu.pause")}</Menu.Label>
          {pause_reasons.length === 0 && <Menu.Item disabled>{t("stateMenu.noReasons")}</Menu.Item>}
          {pause_reasons.map((reason) => (
            <Menu.Item
              key={reason.code}
              leftSection={<IconPlayerPause size={16} />}
              rightSection={
                reason.limit_seconds !== null && (
                  <Text size="xs" c="dimmed" className="cc-figures">
                    {duration(reason.limit_seconds)}
                  </Text>
                )
              }
              onClick={() => void run(() => command({ type: "pause", reason: reason.code }))}
            >
              {nameOf(reason, language)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPower size={16} />} onClick={() => void run(endShift)}>
            {t("stateMenu.endShift")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {row.next_state !== "" && (
        <Badge
          variant="outline"
          color="gray"
          className="cc-badge"
          rightSection={
            <ActionIcon
              size={24}
              variant="transparent"
              c="dimmed"
              aria-label={t("stateMenu.cancelNext")}
              disabled={!linked}
              onClick={() => void run(() => command({ type: "go_available" }))}
            >
              <IconX size={14} />
            </ActionIcon>
          }
        >
          {t("stateMenu.next")}{" "}
          {row.next_state === "offline" ? t("state.offline") : pauseName(row.next_reason)}
        </Badge>
      )}
    </Group>
  );
}
