// The quiet page around signing in: name of the product, one card, language and theme.
import { Card, Center, Group, Stack, Text, Title } from "@mantine/core";
import { IconHeadset } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LanguageSwitch, ThemeSwitch } from "@/components/switches";

export function EntryFrame({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: string;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  return (
    <Center mih="100vh" p="md">
      <Stack w={{ base: "100%", xs: 400 }} gap="lg">
        <Group justify="space-between">
          <Group gap="xs">
            <IconHeadset size={28} color="var(--mantine-primary-color-filled)" aria-hidden />
            <Text fw={700} size="lg">
              {t("product.name")}
            </Text>
          </Group>
          <Group gap={4}>
            <LanguageSwitch />
            <ThemeSwitch />
          </Group>
        </Group>
        <Card withBorder padding="xl" shadow="sm" component="main">
          <Stack>
            <div>
              <Title order={1} size="h3">
                {title}
              </Title>
              {hint && (
                <Text c="dimmed" size="sm" mt={4}>
                  {hint}
                </Text>
              )}
            </div>
            {children}
          </Stack>
        </Card>
      </Stack>
    </Center>
  );
}
