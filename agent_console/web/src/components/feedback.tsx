// What a page shows when there is nothing, when something failed, and while it waits.
import { Alert, Button, Group, Skeleton, Stack, Text, ThemeIcon } from "@mantine/core";
import { IconAlertCircle, type TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "@/wire/rest";

export function Empty({
  icon: Icon,
  title,
  hint,
  color = "gray",
  children,
}: {
  icon: TablerIcon;
  title: string;
  hint?: string;
  color?: string;
  children?: ReactNode;
}) {
  return (
    <Stack align="center" gap="xs" py="xl" px="md">
      <ThemeIcon size={52} radius="xl" variant="light" color={color}>
        <Icon size={26} stroke={1.6} aria-hidden />
      </ThemeIcon>
      <Text fw={600} ta="center">
        {title}
      </Text>
      {hint && (
        <Text c="dimmed" size="sm" ta="center" maw={380}>
          {hint}
        </Text>
      )}
      {children}
    </Stack>
  );
}

/** The sentence for an error of a request, in the user's language. */
export function useErrorText(): (error: unknown) => string {
  const { t, i18n } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return t("error.unexpected");
    if (error.status === 0) return t("error.unreachable");
    const known = `error.${error.code}`;
    if (i18n.exists(known)) return t(known as "error.unexpected");
    const refused = `refused.${error.code}`;
    if (i18n.exists(refused)) return t(refused as "refused.title");
    if (error.status === 403) return t("error.forbidden");
    if (error.status === 404) return t("error.not-found");
    return error.message || t("error.unexpected");
  };
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useTranslation();
  const words = useErrorText();
  return (
    <Alert color="red" icon={<IconAlertCircle />} title={t("error.title")} role="alert">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{words(error)}</Text>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            {t("action.retry")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}

export function Rows({ count, height = 44 }: { count: number; height?: number }) {
  return (
    <Stack gap="xs" aria-busy="true">
      {Array.from({ length: count }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike, never reordered
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </Stack>
  );
}
