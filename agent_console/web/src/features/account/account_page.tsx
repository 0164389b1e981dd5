// How I sign in: where I am signed in now, and the second factor.
import { Card, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Sessions } from "@/components/sign_in/sessions";
import { OwnFactor } from "./own_factor";

export function AccountPage() {
  const { t } = useTranslation();
  return (
    <Stack maw={820}>
      <Title order={2} size="h4">
        {t("signing.title")}
      </Title>
      <Card withBorder>
        <Title order={3} size="h5" mb="xs">
          {t("sessions.title")}
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          {t("sessions.hint")}
        </Text>
        <Sessions user={null} />
      </Card>
      <Card withBorder>
        <Title order={3} size="h5" mb="xs">
          {t("factor.title")}
        </Title>
        <OwnFactor />
      </Card>
    </Stack>
  );
}
