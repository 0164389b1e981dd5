// Something is done at once, a removal for example, with a way back for as long as the notice stays.
import { Button, Group, Text } from "@mantine/core";
import type { QueryKey } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Notice, notify } from "./notices";
import { useSaving } from "./saving";

interface Removal {
  /** What is said of it. */
  told: string;
  remove: () => Promise<unknown>;
  putBack: () => Promise<unknown>;
}

export function useRemoval(queryKey: QueryKey): (removal: Removal) => Promise<boolean> {
  const { save } = useSaving(queryKey);
  const tell = useUndoable();
  return ({ told, remove, putBack }) =>
    save(async () => {
      await remove();
      tell("yellow", told, () => void save(putBack));
    });
}

/** Says what was done, with the way back. */
export function useUndoable(): (
  color: NonNullable<Notice["color"]>,
  told: string,
  undo: () => void,
) => void {
  const { t } = useTranslation();
  return (color, told, undo) =>
    notify({
      color,
      message: (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{told}</Text>
          <Button size="compact-sm" variant="default" onClick={undo}>
            {t("action.undo")}
          </Button>
        </Group>
      ),
    });
}
