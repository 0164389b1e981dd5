// The callers this agent has parked: a second row under the call he is on, or on the empty desk. Only
// one call is ever active; going back to a parked one parks the other.
import { Badge, Button, Group, Paper, Stack, Text } from "@mantine/core";
import { IconArrowBackUp, IconParking } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Remaining } from "@/components/elapsed";
import { useCallerName } from "@/components/person";
import { useCommand } from "@/components/use_command";
import { useConsole, useLinked, useOwnRow } from "@/state/console";
import { type Live, ownParked } from "@/state/live";
import { pickUp } from "@/state/shift";
import { steady } from "@/state/steady";
import type { CallRow } from "@/wire/messages";

const parked = steady<Live, CallRow[]>(ownParked);

export function ParkedRows() {
  const rows = useConsole((state) => parked(state.live));
  if (rows.length === 0) return null;
  return (
    <Stack gap={6} mb="sm">
      {rows.map((row) => (
        <ParkedRow key={row.call} row={row} />
      ))}
    </Stack>
  );
}

function ParkedRow({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const linked = useLinked();
  const own = useOwnRow();
  const { run, pending } = useCommand();
  const [card] = row.cards;
  const name = row.cards.length === 1 && card !== undefined ? card.name : row.name;
  const busy = own?.state === "wrap-up" || own?.state === "offered";
  if (row.parking === null) return null;
  return (
    <Paper
      withBorder
      p="xs"
      role="region"
      aria-label={t("parked.label")}
      data-testid="parked"
      data-call={row.call}
      style={{ borderColor: "var(--mantine-color-grape-filled)", borderLeftWidth: 6 }}
    >
      <Group justify="space-between">
        <Group gap="sm" miw={0}>
          <Badge
            size="lg"
            color="grape"
            className="cc-badge"
            leftSection={<IconParking size={14} />}
          >
            {t("parked.place", { place: row.parking.place })}
          </Badge>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {callerName(name, row.number)}
          </Text>
          <Text size="sm" c="dimmed">
            {row.queue_name} · {t("parked.until")} <Remaining until={row.parking.until} />
          </Text>
        </Group>
        <Button
          size="sm"
          leftSection={<IconArrowBackUp size={16} />}
          disabled={!linked || busy}
          loading={pending}
          onClick={() => void run(() => pickUp(row.call))}
        >
          {t("parked.back")}
        </Button>
      </Group>
    </Paper>
  );
}
