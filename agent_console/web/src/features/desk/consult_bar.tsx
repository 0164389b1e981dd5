// While another is asked about the caller: who, how it stands, and what can be done with the two.
import { Alert, Badge, Button, Group, Paper, Text, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconArrowsExchange,
  IconRecordMail,
  IconRefresh,
  IconUserMinus,
  IconUsersGroup,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { useCommand } from "@/components/use_command";
import { useAgentName } from "@/state/choices";
import { command, useLinked } from "@/state/console";
import { phone } from "@/state/format";
import type { CallRow } from "@/wire/messages";
import { Persons } from "./persons";

type Consultation = NonNullable<CallRow["consult"]>;
type Move = "end_consult" | "hand_over" | "swap" | "join";
type Says = "back" | "handOver" | "swap" | "join" | "leave" | "drop";

/** Which moves make sense at each stage, the most likely first, and what they are called there. */
const MOVES: Record<Consultation["stage"], readonly [Move, Says][]> = {
  ringing: [["end_consult", "back"]],
  talking: [
    ["hand_over", "handOver"],
    ["swap", "swap"],
    ["join", "join"],
    ["end_consult", "back"],
  ],
  aside: [
    ["swap", "swap"],
    ["join", "join"],
    ["end_consult", "drop"],
  ],
  joined: [["hand_over", "leave"]],
};
const ICONS = {
  handOver: IconArrowForwardUp,
  leave: IconArrowForwardUp,
  swap: IconArrowsExchange,
  join: IconUsersGroup,
  back: IconArrowBackUp,
  drop: IconUserMinus,
};

export function ConsultBar({ row, consult }: { row: CallRow; consult: Consultation }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const nameOf = useAgentName();
  const { run, pending } = useCommand();
  const { stage } = consult;
  const name =
    consult.number === "" ? nameOf(consult.agent) : consult.name || phone(consult.number);
  return (
    <Paper
      withBorder
      p="sm"
      role="region"
      aria-label={t("consult.label")}
      data-testid="consult"
      data-stage={stage}
    >
      <Group justify="space-between">
        <Group gap="sm" miw={0}>
          <Badge size="lg" className="cc-badge" color={stage === "ringing" ? "yellow" : "blue"}>
            {consult.give ? t("consult.giving") : t(`consultStage.${stage}`)}
          </Badge>
          <Text fw={600} style={{ overflowWrap: "anywhere" }}>
            {name}
          </Text>
          <Elapsed since={consult.since} />
          {consult.muted.length === 0 && (
            <Text size="sm" c="dimmed">
              {t(`hears.${stage}`, { name })}
            </Text>
          )}
        </Group>
        <Group gap="xs">
          {MOVES[stage].map(([move, says], place) => {
            const Icon = ICONS[says];
            return (
              <Button
                key={move}
                size="sm"
                variant={place === 0 ? "filled" : "default"}
                leftSection={<Icon size={16} />}
                disabled={!linked || pending}
                onClick={() => void run(() => command({ type: move, call: row.call }))}
              >
                {t(
                  says === "drop" && consult.number !== ""
                    ? "consultDo.dropOutside"
                    : `consultDo.${says}`,
                )}
              </Button>
            );
          })}
          {stage === "talking" && consult.number !== "" && (
            <Tooltip label={t("consultDo.voicemailHint")}>
              <Button
                size="sm"
                variant="default"
                leftSection={<IconRecordMail size={16} />}
                disabled={!linked || pending}
                onClick={() =>
                  void run(() => command({ type: "end_consult", call: row.call, machine: true }))
                }
              >
                {t("consultDo.voicemail")}
              </Button>
            </Tooltip>
          )}
        </Group>
      </Group>
      {stage === "joined" && <Persons row={row} consult={consult} other={name} />}
    </Paper>
  );
}

/** Why the colleague is not there (any more); the caller is back. */
export function ConsultEnded({ row }: { row: CallRow }) {
  const { t, i18n } = useTranslation();
  const { run, pending } = useCommand();
  const outside = row.consulted_number !== "";
  const key = outside ? `outsideEnded.${row.consult_ended}` : `consultEnded.${row.consult_ended}`;
  if (row.consult_ended === "" || row.consult !== null || !i18n.exists(key)) return null;
  if (row.stage !== "talking" && row.stage !== "held") return null;
  return (
    <Alert color="yellow" mt="sm" p="xs" role="status" data-testid="consult-ended">
      <Group justify="space-between">
        <Text size="sm">
          {t(key as "outsideEnded.busy", {
            name: row.consulted_name || phone(row.consulted_number),
          })}
        </Text>
        {outside && row.consult_ended !== "answered" && row.stage === "talking" && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconRefresh size={16} />}
            loading={pending}
            onClick={() =>
              void run(() =>
                command({
                  type: "consult_number",
                  call: row.call,
                  number: row.consulted_number,
                  name: row.consulted_name,
                  give: row.consulted_give,
                }),
              )
            }
          >
            {t("action.retry")}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
