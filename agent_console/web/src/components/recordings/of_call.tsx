// The recordings of one call, for its detail; the player opens on a click.
import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconMicrophone2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAgentName } from "@/state/choices";
import { duration } from "@/state/format";
import { listRecordings } from "@/wire/recordings";
import { RecordingPlayer } from "./player";

export function RecordingsOfCall({ call }: { call: string }) {
  const { t } = useTranslation();
  const agentName = useAgentName();
  const [open, setOpen] = useState<string | null>(null);
  const query = useQuery({
    queryKey: ["recordings", "of", call],
    queryFn: () => listRecordings({ call }, null),
    retry: false,
  });
  const items = query.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Stack gap="xs" data-testid="recordings-of-call">
      <Title order={5}>{t("recordings.title")}</Title>
      {[...items].reverse().map((one) => (
        <Stack key={one.id} gap="xs">
          <Group justify="space-between">
            <Text size="sm">
              {one.agents.map(agentName).join(", ")} · {duration(one.seconds ?? 0)}
            </Text>
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconMicrophone2 size={14} />}
              aria-expanded={open === one.id}
              onClick={() => setOpen(open === one.id ? null : one.id)}
            >
              {t(open === one.id ? "action.close" : "recordings.open")}
            </Button>
          </Group>
          {open === one.id && <RecordingPlayer recording={one.id} onPart={setOpen} />}
        </Stack>
      ))}
    </Stack>
  );
}
