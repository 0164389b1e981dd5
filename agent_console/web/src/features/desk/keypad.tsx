// Twelve keys that send digits into the call, by mouse or by typing while it is open: by the phone in the
// browser (RFC 4733), for a desk phone by the server.
import { Button, SimpleGrid, Stack, Text } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { dtmf } from "@/state/shift";

const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"];
const SHOWN_MAX = 20;

export function Keypad({ call }: { call: string }) {
  const { t } = useTranslation();
  const [sent, setSent] = useState("");
  const { run } = useCommand();
  const press = (key: string) => {
    void run(() => dtmf(key, call));
    setSent((before) => (before + key).slice(-SHOWN_MAX));
  };
  useWindowEvent("keydown", (event) => {
    if (KEYS.includes(event.key) && !event.altKey && !event.ctrlKey) press(event.key);
  });
  return (
    <Stack gap="xs" w={180}>
      <Text ta="center" className="cc-figures" mih={24} aria-live="off">
        {sent || (
          <Text span c="dimmed">
            {t("call.keypad")}
          </Text>
        )}
      </Text>
      <SimpleGrid cols={3} spacing={6}>
        {KEYS.map((key) => (
          <Button key={key} variant="default" size="md" px={0} onClick={() => press(key)}>
            {key}
          </Button>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
