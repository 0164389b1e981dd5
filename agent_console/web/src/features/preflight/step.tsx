// One line of the pre-flight: a sign that turns green or red, a title, and what is to be done.
import { Card, Group, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";

export function Step({
  icon: Icon,
  title,
  done,
  wrong = false,
  children,
}: {
  icon: TablerIcon;
  title: string;
  done: boolean;
  wrong?: boolean;
  children: ReactNode;
}) {
  const color = wrong ? "red" : done ? "green" : "gray";
  const Mark = wrong ? IconAlertTriangle : done ? IconCircleCheck : Icon;
  return (
    <Card withBorder>
      <Group align="flex-start" wrap="nowrap">
        <ThemeIcon variant="light" color={color} size={40} radius="xl">
          <Mark size={20} aria-hidden />
        </ThemeIcon>
        <Stack gap="xs" flex={1} miw={0}>
          <Text fw={600}>{title}</Text>
          {children}
        </Stack>
      </Group>
    </Card>
  );
}
