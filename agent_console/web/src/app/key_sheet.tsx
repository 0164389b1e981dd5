// The sheet of keys, opened by its own keys or from the account menu; each row can be given other keys.
import { Button, Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { closeKeySheet, useKeySheet } from "@/state/key_sheet";
import {
  choose,
  chooseStandard,
  combination,
  type Shortcut,
  STANDARD,
  shownKeys,
  useShortcuts,
} from "@/state/shortcuts";

const NAMES = Object.keys(STANDARD) as Shortcut[];

export function KeySheet() {
  const { t } = useTranslation();
  const open = useKeySheet((state) => state.open);
  const [changing, setChanging] = useState<Shortcut | null>(null);
  const close = () => {
    setChanging(null);
    closeKeySheet();
  };
  return (
    <Modal
      opened={open}
      onClose={close}
      closeOnEscape={changing === null}
      size="lg"
      title={<Text fw={650}>{t("keys.title")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack gap="xs">
        {NAMES.map((name) => (
          <Row
            key={name}
            name={name}
            changing={changing === name}
            onChange={() => setChanging(name)}
            onDone={() => setChanging(null)}
          />
        ))}
        <Group justify="space-between" mt="sm">
          <Text size="sm" c="dimmed">
            {t("keys.hint")}
          </Text>
          <Button size="compact-sm" variant="default" onClick={chooseStandard}>
            {t("keys.standard")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

interface RowProps {
  name: Shortcut;
  changing: boolean;
  onChange(): void;
  onDone(): void;
}

function Row({ name, changing, onChange, onDone }: RowProps) {
  const { t } = useTranslation();
  const keys = useShortcuts((state) => state[name]);
  const trouble = useNextKeys(name, changing, onDone);
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text>{t(`keys.${name}`)}</Text>
      <Group gap="sm" wrap="nowrap">
        {changing ? (
          <Text size="sm" role="status">
            {trouble === null ? t("keys.press") : t(`keys.${trouble}`)}
          </Text>
        ) : (
          <Group gap={4} wrap="nowrap">
            {shownKeys(keys).map((key) => (
              <Kbd key={key}>{key}</Kbd>
            ))}
          </Group>
        )}
        <Button
          size="compact-xs"
          variant="subtle"
          aria-label={
            changing ? t("action.cancel") : t("keys.changeOf", { name: t(`keys.${name}`) })
          }
          onClick={changing ? onDone : onChange}
        >
          {t(changing ? "action.cancel" : "keys.change")}
        </Button>
      </Group>
    </Group>
  );
}

/** While `on`, the next keys are taken for this row, before anybody else hears them. */
function useNextKeys(name: Shortcut, on: boolean, done: () => void): "taken" | "reserved" | null {
  const [trouble, setTrouble] = useState<"taken" | "reserved" | null>(null);
  useEffect(() => {
    setTrouble(null);
    if (!on) return undefined;
    const press = (event: KeyboardEvent) => {
      if (event.key === "Tab") return;
      const keys = combination(event);
      if (event.key === "Escape") done();
      else if (keys === null) return;
      else {
        const refused = choose(name, keys);
        setTrouble(refused);
        if (refused === null) done();
      }
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener("keydown", press, true);
    return () => window.removeEventListener("keydown", press, true);
  }, [on, name, done]);
  return trouble;
}
