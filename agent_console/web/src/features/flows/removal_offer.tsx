// After a deletion: the ways that led to what is gone can be led on, with one press.
import { Button, CloseButton, Group, Paper, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { acceptReconnect, undoOnce, useEditor } from "./model/editor";

export function RemovalOffer() {
  const { t } = useTranslation();
  const removal = useEditor((state) => state.removal);
  if (removal === null) return null;
  return (
    <Paper className="fd-offer" shadow="md" withBorder p="xs" role="status">
      <Group gap="xs" wrap="nowrap">
        <Text size="sm">{t("flow.cutWays", { count: removal.ways })}</Text>
        <Button size="compact-sm" onClick={acceptReconnect}>
          {t("flow.reconnect", { target: removal.target })}
        </Button>
        <Button size="compact-sm" variant="default" onClick={undoOnce}>
          {t("flow.undo")}
        </Button>
        <CloseButton
          size="sm"
          aria-label={t("action.close")}
          onClick={() => useEditor.setState({ removal: null })}
        />
      </Group>
    </Paper>
  );
}
