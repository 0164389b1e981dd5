// A conference person by person: who is there, who hears whom, and what can be done with each.
import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import {
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconPlayerPause,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useCallerName } from "@/components/person";
import { useCommand } from "@/components/use_command";
import { command, useLinked } from "@/state/console";
import type { CallRow } from "@/wire/messages";

type Consultation = NonNullable<CallRow["consult"]>;
type Who = "caller" | "colleague";
const OTHER: Record<Who, Who> = { caller: "colleague", colleague: "caller" };

interface Props {
  row: CallRow;
  consult: Consultation;
  /** Who is there beside the caller. */
  other: string;
}

export function Persons({ row, consult, other }: Props) {
  const callerName = useCallerName();
  const [card] = row.cards;
  const name = row.cards.length === 1 && card !== undefined ? card.name : row.name;
  return (
    <Stack gap={6} mt="xs">
      <Person row={row} consult={consult} who="caller" name={callerName(name, row.number)} />
      <Person row={row} consult={consult} who="colleague" name={other} />
    </Stack>
  );
}

function Person({
  row,
  consult,
  who,
  name,
}: {
  row: CallRow;
  consult: Consultation;
  who: Who;
  name: string;
}) {
  const { t } = useTranslation();
  const linked = useLinked();
  const { run, pending } = useCommand();
  const muted = consult.muted.includes(who);
  const off = !linked || pending;
  return (
    <Group
      justify="space-between"
      gap="xs"
      role="group"
      aria-label={name}
      data-testid={`person-${who}`}
      data-muted={muted}
    >
      <Group gap="xs" miw={0}>
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {name}
        </Text>
        <Badge variant="light" color={muted ? "red" : "blue"} className="cc-badge">
          {muted ? t("persons.notHeard") : t("persons.heard")}
        </Badge>
      </Group>
      <Group gap={6}>
        <Button
          size="xs"
          variant={muted ? "filled" : "default"}
          color={muted ? "red" : "gray"}
          leftSection={muted ? <IconMicrophoneOff size={14} /> : <IconMicrophone size={14} />}
          disabled={off}
          aria-pressed={muted}
          onClick={() =>
            void run(() => command({ type: "mute_person", call: row.call, who, on: !muted }))
          }
        >
          {muted ? t("call.unmute") : t("call.mute")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPause size={14} />}
          disabled={off}
          onClick={() =>
            void run(() => command({ type: "part_parties", call: row.call, talk_to: OTHER[who] }))
          }
        >
          {t("call.hold")}
        </Button>
        {who === "colleague" && (
          <Button
            size="xs"
            variant="default"
            color="red"
            leftSection={<IconPhoneOff size={14} />}
            disabled={off}
            onClick={() => void run(() => command({ type: "end_consult", call: row.call }))}
          >
            {t("persons.drop")}
          </Button>
        )}
      </Group>
    </Group>
  );
}
