// The recording of the talk, as far as the agent has a say in it: shown as the server confirms it,
// for "paused" must mean that nothing is written.
import { Alert, Badge, Button, Group, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconCreditCard,
  IconPlayerPause,
  IconPlayerRecord,
} from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Remaining } from "@/components/elapsed";
import { useCommand } from "@/components/use_command";
import { command as send, useConsole, useLinked } from "@/state/console";
import { isAsked } from "@/state/live";
import type { CallRow } from "@/wire/messages";

const COLORS = {
  on: "red",
  pausing: "orange",
  paused: "green",
  resuming: "green",
  armed: "gray",
  stopped: "gray",
  failed: "red",
} as const;

export function RecordingBar({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const asterisk = useConsole((state) => state.backend.asterisk);
  const me = useConsole(({ live }) => live.agent);
  const command = useCommand();
  const recording = row.recording;
  if (!recording || isAsked(row, me)) return null;
  const { state } = recording;
  const pause = (paused: boolean, card = false) =>
    void command.run(() => send({ type: "pause_recording", call: row.call, paused, card }));
  const silent = state === "paused" || state === "resuming" || state === "pausing";
  const ready = linked && asterisk;
  return (
    <Group gap="sm" mt="sm" role="group" aria-label={t("recording.label")}>
      <Badge
        size="lg"
        color={COLORS[state]}
        className="cc-badge"
        leftSection={silent ? <IconPlayerPause size={14} /> : <IconPlayerRecord size={14} />}
      >
        {t(`recordingState.${state}`)}
      </Badge>
      {state === "paused" && recording.until !== null && (
        <Text size="sm">
          {t("recording.until")}{" "}
          <span className="cc-figures">
            <Remaining until={recording.until} />
          </span>
        </Text>
      )}
      {state === "armed" && (
        <Button size="xs" disabled={!ready} loading={command.pending} onClick={() => pause(false)}>
          {t("recording.begin")}
        </Button>
      )}
      {state === "on" && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconCreditCard size={16} />}
          disabled={!ready}
          loading={command.pending}
          onClick={() => pause(true, true)}
        >
          {t("recording.card")}
        </Button>
      )}
      {state === "on" && recording.may_pause && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlayerPause size={16} />}
          disabled={!ready}
          loading={command.pending}
          onClick={() => pause(true)}
        >
          {t("recording.pause")}
        </Button>
      )}
      {silent && (
        <Button size="xs" disabled={!ready} loading={command.pending} onClick={() => pause(false)}>
          {t("recording.resume")}
        </Button>
      )}
      {recording.may_stop && state !== "stopped" && state !== "failed" && (
        <Button
          size="xs"
          variant="subtle"
          color="red"
          disabled={!ready}
          onClick={() => void command.run(() => send({ type: "refuse_recording", call: row.call }))}
        >
          {t("recording.refuse")}
        </Button>
      )}
      {state === "failed" && (
        <Alert color="red" p="xs" icon={<IconAlertTriangle size={16} />}>
          {t("recording.failed")}
        </Alert>
      )}
    </Group>
  );
}
