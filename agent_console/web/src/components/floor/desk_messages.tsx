// What supervisors told this agent: it stands above the page until it is read, whatever page that is.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useLanguage } from "@/state/choices";
import { clockTime } from "@/state/format";
import { type DeskMessage, markRead, readDesk } from "@/wire/desk";

export function DeskMessages() {
  const { data } = useQuery({ queryKey: ["news", "messages", "desk"], queryFn: readDesk });
  if (!data || data.length === 0) return null;
  return (
    <Stack gap="xs" pb="xs" role="log">
      {data.map((message) => (
        <One key={message.id} message={message} />
      ))}
    </Stack>
  );
}

function One({ message }: { message: DeskMessage }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const words = useErrorText();
  const language = useLanguage();
  const state = message.detail.state;
  const what =
    message.kind === "note"
      ? t("told.note", { name: message.by_name })
      : typeof state === "string"
        ? t("told.state", { name: message.by_name, state: t(`state.${state as "paused"}`) })
        : t("told.work", { name: message.by_name });
  const read = async () => {
    try {
      await markRead(message.id);
      await client.invalidateQueries({ queryKey: ["news", "messages"] });
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    }
  };
  return (
    <Alert color="blue" variant="light" icon={<IconMessage />} title={what} py="xs">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
          {message.body}
        </Text>
        <Group gap="sm" wrap="nowrap">
          <Text size="xs" c="dimmed" className="cc-figures">
            {clockTime(Date.parse(message.created) / 1000, language)}
          </Text>
          <Button size="xs" variant="default" onClick={() => void read()}>
            {t("told.read")}
          </Button>
        </Group>
      </Group>
    </Alert>
  );
}
