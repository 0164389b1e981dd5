// Runs a command and says so: pending until the answer, then nothing, or a message with the reason and,
// where it helps, a button to try again.

import { Button, Group, Text } from "@mantine/core";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Refused } from "@/state/console";
import { useErrorText } from "./feedback";
import { notify, takeBack } from "./notices";

const AGAIN = new Set([
  "no-answer",
  "not-sent",
  "link-down",
  "database-away",
  "no-device",
  "no-console",
]);

export interface Run {
  /** True when it was carried out. */
  run(action: () => Promise<void>): Promise<boolean>;
  pending: boolean;
}

export function useCommand(onRefused?: (code: string) => boolean): Run {
  const { t, i18n } = useTranslation();
  const words = useErrorText();
  const [pending, setPending] = useState(false);

  const run = useCallback(
    async (action: () => Promise<void>): Promise<boolean> => {
      setPending(true);
      try {
        await action();
        return true;
      } catch (error) {
        const code = error instanceof Refused ? error.code : "";
        if (code !== "" && onRefused?.(code)) return false;
        const key = `refused.${code}`;
        const sentence =
          code === "" ? words(error) : i18n.exists(key) ? t(key as "refused.too-late") : code;
        const id = `refused-${code}`;
        notify({
          id,
          color: "red",
          title: t("refused.title"),
          message: (
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm">{sentence}</Text>
              {AGAIN.has(code) && (
                <Button
                  size="xs"
                  variant="light"
                  onClick={() => {
                    takeBack(id);
                    void run(action);
                  }}
                >
                  {t("action.retry")}
                </Button>
              )}
            </Group>
          ),
        });
        return false;
      } finally {
        setPending(false);
      }
    },
    [t, i18n, words, onRefused],
  );

  return { run, pending };
}
