// The sheet of keys, opened by Alt+/ or from the account menu.
import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { closeKeySheet, openKeySheet, useKeySheet } from "@/state/key_sheet";

const KEYS = [
  { keys: ["Alt", "A"], action: "answer" },
  { keys: ["Alt", "Q"], action: "hangUp" },
  { keys: ["Alt", "M"], action: "mute" },
  { keys: ["Alt", "H"], action: "hold" },
  { keys: ["Alt", "K"], action: "keypad" },
  { keys: ["Alt", "N"], action: "note" },
  { keys: ["Ctrl", "Enter"], action: "finish" },
  { keys: ["Alt", "P"], action: "pause" },
  { keys: ["Ctrl", "K"], action: "palette" },
  { keys: ["Alt", "/"], action: "sheet" },
] as const;

export function KeySheet() {
  const { t } = useTranslation();
  const open = useKeySheet((state) => state.open);
  useHotkeys([["alt+/", openKeySheet]], [], true);
  return (
    <Modal
      opened={open}
      onClose={closeKeySheet}
      title={<Text fw={650}>{t("keys.title")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack gap="xs">
        {KEYS.map(({ keys, action }) => (
          <Group key={action} justify="space-between">
            <Text>{t(`keys.${action}`)}</Text>
            <Group gap={4}>
              {keys.map((key) => (
                <Kbd key={key}>{key}</Kbd>
              ))}
            </Group>
          </Group>
        ))}
      </Stack>
    </Modal>
  );
}
