// The call's bar: coloured by its stage, with the timer and the buttons that act on the call.
import {
  ActionIcon,
  Badge,
  Box,
  Button,
  Group,
  Paper,
  Popover,
  Stack,
  Text,
  Tooltip,
} from "@mantine/core";
import {
  IconArrowForwardUp,
  IconDialpad,
  IconMicrophone,
  IconMicrophoneOff,
  IconParking,
  IconPhoneOff,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed, Remaining } from "@/components/elapsed";
import { Hearers } from "@/components/hearers";
import { Late, late } from "@/components/late";
import { AGENT_LOOKS } from "@/components/looks";
import { PersonAvatar, PhoneText, useCallerName } from "@/components/person";
import { useCommand } from "@/components/use_command";
import { useAgentName } from "@/state/choices";
import { command, useConsole, useLinked } from "@/state/console";
import { duration } from "@/state/format";
import { isAsked } from "@/state/live";
import { hangUp, mute, useLeg, useShift } from "@/state/shift";
import type { AgentState, CallRow } from "@/wire/messages";
import type { CustomerRecord } from "@/wire/record";
import { ConsultBar, ConsultEnded } from "./consult_bar";
import { toggleHold, useDeskKeys } from "./desk_keys";
import { Keypad } from "./keypad";
import { DropMessage, MadeCall, NotReached } from "./made_call";
import { RecordingBar } from "./recording_bar";

/** Nobody hands a call on before the call is there: fetched while one talks. */
const TRANSFER = late(async () => (await import("./transfer_dialog")).TransferDialog);

const LOOK_OF: Partial<Record<CallRow["stage"], AgentState>> = {
  dialling: "offered",
  offered: "offered",
  talking: "talking",
  held: "hold",
  "wrap-up": "wrap-up",
};

export function CallBar({ row, customer }: { row: CallRow; customer: CustomerRecord | null }) {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const state = LOOK_OF[row.stage] ?? "talking";
  const { color, icon: Icon } = AGENT_LOOKS[state];
  const me = useConsole(({ live }) => live.agent);
  const agentName = useAgentName();
  const asked = isAsked(row, me);
  const internal = row.direction === "internal";
  const colleague = agentName(row.peer === me ? (row.agent ?? "") : row.peer);
  const waited =
    row.joined_at === null || row.direction !== "in"
      ? 0
      : (row.answered_at ?? row.since) - row.joined_at;
  return (
    <Paper
      withBorder
      p="md"
      c="bright"
      bg={`var(--mantine-color-${color}-light)`}
      style={{ borderColor: `var(--mantine-color-${color}-filled)`, borderLeftWidth: 6 }}
      role="region"
      aria-label={t("call.label")}
    >
      <Group justify="space-between" gap="md">
        <Group wrap="nowrap" miw={0} flex="1 1 320px">
          <PersonAvatar name={internal ? colleague : (customer?.name ?? "")} size={48} />
          <div style={{ minWidth: 0 }}>
            <Text fw={650} size="xl" lineClamp={1} style={{ overflowWrap: "anywhere" }}>
              {internal
                ? colleague
                : callerName(customer?.name ?? (row.cards.length > 1 ? "" : row.name), row.number)}
            </Text>
            <Group gap="2px 12px">
              {!internal && <PhoneText number={row.number} dial={false} />}
              {row.queue_name && <Text size="sm">{row.queue_name}</Text>}
              {row.direction !== "in" && (
                <Badge variant="light">{t(`direction.${row.direction}`)}</Badge>
              )}
              {row.callback !== "" && <Badge variant="light">{t("call.callback")}</Badge>}
              {waited > 0 && (
                <Text size="sm">
                  {t("call.waited")} <span className="cc-figures">{duration(waited)}</span>
                </Text>
              )}
              <Hearers row={row} />
              {row.path.length > 0 && <Text size="sm">{row.path.join(" › ")}</Text>}
            </Group>
          </div>
        </Group>
        <Group gap="xs" wrap="nowrap">
          <Badge size="lg" color={color} className="cc-badge" leftSection={<Icon size={14} />}>
            {row.stage === "dialling" ? t("stage.dialling") : t(`state.${state}`)}
          </Badge>
          <Text fw={650} size="xl" className="cc-figures">
            {row.stage === "wrap-up" && row.wrap_up_until !== null ? (
              <Remaining until={row.wrap_up_until} />
            ) : (
              <Elapsed since={row.stage === "held" ? row.since : (row.talk_since ?? row.since)} />
            )}
          </Text>
        </Group>
        {asked && (
          <Text fw={600}>{t("consult.askedBy", { name: agentName(row.consult?.by ?? "") })}</Text>
        )}
        <MadeCall row={row} />
        <NotReached row={row} />
        {row.stage === "wrap-up" && row.dial_outcome === "" && <EndedBy row={row} />}
        {(row.stage === "talking" || row.stage === "held") && <Controls row={row} />}
      </Group>
      {!asked && row.consult !== null && (
        <Box mt="sm">
          <ConsultBar row={row} consult={row.consult} />
        </Box>
      )}
      <ConsultEnded row={row} />
      <RecordingBar row={row} />
    </Paper>
  );
}

function EndedBy({ row }: { row: CallRow }) {
  const { t, i18n } = useTranslation();
  const key = row.part_of === "" ? `endedBy.${row.ended_by}` : "endedBy.givenOn";
  if (row.ended_by === "" || !i18n.exists(key)) return null;
  return (
    <Text size="sm" c="dimmed">
      {t(key as "endedBy.caller")}
    </Text>
  );
}

function Controls({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const asterisk = useConsole((state) => state.backend.asterisk);
  const leg = useLeg();
  const desk = useShift((state) => state.kind === "desk");
  const here = leg !== null && leg.phase === "up" && leg.id === row.call;
  const hold = useCommand();
  const park = useCommand();
  const end = useCommand();
  const held = row.stage === "held";
  const muted = here && leg.muted;
  const keys = useDeskKeys(row);
  const me = useConsole(({ live }) => live.agent);
  const asked = isAsked(row, me);
  const internal = row.direction === "internal";
  const busy = row.consult !== null || row.giving_on;
  useEffect(() => {
    // A failure here is shown by the part itself, when it is opened.
    TRANSFER.fetch().catch(() => undefined);
  }, []);
  return (
    <Stack gap={4} align="flex-end">
      <Group gap="xs">
        <Tooltip label={t("call.muteKeys")}>
          <Button
            variant={muted ? "filled" : "default"}
            color={muted ? "red" : "gray"}
            leftSection={muted ? <IconMicrophoneOff size={18} /> : <IconMicrophone size={18} />}
            disabled={!here}
            aria-pressed={muted}
            onClick={() => mute(!muted)}
          >
            {muted ? t("call.unmute") : t("call.mute")}
          </Button>
        </Tooltip>
        {!asked && row.peer !== me && (
          <Tooltip label={t("call.holdKeys")}>
            <Button
              variant={held ? "filled" : "default"}
              color={held ? "violet" : "gray"}
              leftSection={held ? <IconPlayerPlay size={18} /> : <IconPlayerPause size={18} />}
              disabled={!linked || !asterisk || busy}
              loading={hold.pending}
              aria-pressed={held}
              onClick={() => void hold.run(() => toggleHold(row))}
            >
              {held ? t("call.resume") : t("call.hold")}
            </Button>
          </Tooltip>
        )}
        {!asked && !internal && (
          <Tooltip label={t("call.transferKeys")}>
            <Button
              variant="default"
              leftSection={<IconArrowForwardUp size={18} />}
              disabled={!linked || !asterisk || busy}
              loading={row.giving_on}
              onClick={() => keys.setGiving(true)}
            >
              {t("call.transfer")}
            </Button>
          </Tooltip>
        )}
        {!asked && !internal && (
          <Tooltip label={t("call.parkHint")}>
            <Button
              variant="default"
              leftSection={<IconParking size={18} />}
              disabled={!linked || !asterisk || busy}
              loading={park.pending}
              onClick={() => void park.run(() => command({ type: "park", call: row.call }))}
            >
              {t("call.park")}
            </Button>
          </Tooltip>
        )}
        {!asked && <DropMessage row={row} disabled={!linked || !asterisk || busy} />}
        {keys.giving && !busy && !internal && (
          <Late part={TRANSFER} props={{ row, close: () => keys.setGiving(false) }} />
        )}
        <Popover
          position="bottom"
          withArrow
          trapFocus
          opened={keys.keypad}
          onChange={keys.setKeypad}
        >
          <Popover.Target>
            <ActionIcon
              size={36}
              variant="default"
              disabled={!here && !(desk && linked && row.stage === "talking")}
              aria-label={t("call.keypad")}
              onClick={() => keys.setKeypad(!keys.keypad)}
            >
              <IconDialpad size={18} />
            </ActionIcon>
          </Popover.Target>
          <Popover.Dropdown>
            <Keypad call={row.call} />
          </Popover.Dropdown>
        </Popover>
        <Tooltip label={t("call.hangUpKeys")}>
          <Button
            color="red"
            leftSection={<IconPhoneOff size={18} />}
            disabled={!linked && !here}
            loading={end.pending}
            onClick={() => void end.run(() => hangUp(row.call))}
          >
            {t("call.hangUp")}
          </Button>
        </Tooltip>
      </Group>
      {here && leg.listenOnly && (
        <Text size="xs" c="red" fw={600}>
          {t("call.listenOnly")}
        </Text>
      )}
    </Stack>
  );
}
