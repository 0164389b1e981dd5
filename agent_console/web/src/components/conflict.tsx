// Somebody else saved meanwhile: nothing was overwritten, and here one says whose work stays.
import { Alert, Button, Group, Text } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

export function Conflict({ onTheirs, onMine }: { onTheirs: () => void; onMine: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert color="orange" icon={<IconUsers />} title={t("conflict.title")} role="alert">
      <Text size="sm" mb="xs">
        {t("conflict.hint")}
      </Text>
      <Group gap="xs">
        <Button size="xs" variant="default" onClick={onTheirs}>
          {t("conflict.takeTheirs")}
        </Button>
        <Button size="xs" color="orange" variant="light" onClick={onMine}>
          {t("conflict.keepMine")}
        </Button>
      </Group>
    </Alert>
  );
}
