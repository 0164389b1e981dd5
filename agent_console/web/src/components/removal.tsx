// Something is removed at once, with a way back for as long as the notice stays.
import { Button, Group, Text } from "@mantine/core";
import type { QueryKey } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { notify } from "./notices";
import { useSaving } from "./saving";

interface Removal {
  /** What is said of it. */
  told: string;
  remove: () => Promise<unknown>;
  putBack: () => Promise<unknown>;
}

export function useRemoval(queryKey: QueryKey): (removal: Removal) => Promise<boolean> {
  const { t } = useTranslation();
  const { save } = useSaving(queryKey);
  return ({ told, remove, putBack }) =>
    save(async () => {
      await remove();
      notify({
        color: "yellow",
        message: (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{told}</Text>
            <Button size="compact-sm" variant="default" onClick={() => void save(putBack)}>
              {t("action.undo")}
            </Button>
          </Group>
        ),
      });
    });
}
