// Where one may jump to in a recording: holds, silent stretches, turns of the call (consultations, transfers),
// and the other parts of the call, each of which is a recording of its own.
import { ActionIcon, Button, Group } from "@mantine/core";
import { IconPlayerTrackNext, IconPlayerTrackPrev } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useAgentName } from "@/state/choices";
import { duration } from "@/state/format";
import type { RecordingDetail } from "@/wire/recordings";

/** Nearer than this is where one is. */
const HERE_SECONDS = 0.2;
/** Who has just jumped to a mark and goes back wants the one before. */
const BACK_SECONDS = 1;

export interface Mark {
  at: number;
  kind: string;
  agent: string;
}

/** Where a key or a button jumps to: the marks, and what was remarked on. */
export const stopsOf = (detail: RecordingDetail): Mark[] =>
  [
    ...marksOf(detail),
    ...detail.comments.map(({ at_seconds }) => ({ at: at_seconds, kind: "remark", agent: "" })),
  ].sort((one, other) => one.at - other.at);

/** In their order. */
export function marksOf(detail: RecordingDetail): Mark[] {
  return [
    ...detail.holds.map((at) => ({ at, kind: "hold", agent: "" })),
    ...detail.pauses.map(([at = 0]) => ({ at, kind: "paused", agent: "" })),
    ...detail.turns,
  ].sort((one, other) => one.at - other.at);
}

export const nextMark = (marks: readonly Mark[], at: number): Mark | undefined =>
  marks.find((mark) => mark.at > at + HERE_SECONDS);
export const markBefore = (marks: readonly Mark[], at: number): Mark | undefined =>
  marks.findLast((mark) => mark.at < at - BACK_SECONDS);

export function Marks({ marks, onGo }: { marks: readonly Mark[]; onGo: (second: number) => void }) {
  const { t } = useTranslation();
  const agentName = useAgentName();
  if (marks.length === 0) return null;
  const words = ({ kind, agent }: Mark) =>
    [t(`recordingMark.${kind}` as "recordingMark.hold"), ...(agent ? [agentName(agent)] : [])].join(
      " · ",
    );
  return (
    <Group gap={6} role="group" aria-label={t("recordings.marks")}>
      {marks.map((mark) => (
        <Button
          key={`${mark.kind} ${mark.at} ${mark.agent}`}
          size="compact-xs"
          variant="default"
          onClick={() => onGo(mark.at)}
        >
          {words(mark)} {duration(mark.at)}
        </Button>
      ))}
    </Group>
  );
}

/** Each talk of an agent is a part; all parts of the call, and the one that is open. */
export function Parts({
  detail,
  onPart,
}: {
  detail: RecordingDetail;
  onPart: (recording: string) => void;
}) {
  const { t } = useTranslation();
  const agentName = useAgentName();
  if (detail.parts.length < 2) return null;
  return (
    <Group gap={6} role="group" aria-label={t("recordings.parts")}>
      {detail.parts.map((one) => (
        <Button
          key={one.id}
          size="compact-xs"
          variant={one.id === detail.id ? "light" : "default"}
          aria-current={one.id === detail.id || undefined}
          onClick={() => one.id !== detail.id && onPart(one.id)}
        >
          {t("recordings.part", { part: one.part })} · {one.agents.map(agentName).join(", ")}
        </Button>
      ))}
    </Group>
  );
}

/** To the stop before and to the next; beyond the first and the last, to the part beside. */
export function Jumps({
  detail,
  stops,
  at,
  onGo,
  onPart,
}: {
  detail: RecordingDetail;
  stops: readonly Mark[];
  at: number;
  onGo: (second: number) => void;
  onPart: (recording: string) => void;
}) {
  const here = detail.parts.findIndex(({ id }) => id === detail.id);
  const before = markBefore(stops, at);
  const next = nextMark(stops, at);
  const partBefore = here > 0 ? detail.parts[here - 1] : undefined;
  const nextPart = here < 0 ? undefined : detail.parts[here + 1];
  return (
    <Group gap={4} wrap="nowrap">
      {before !== undefined ? (
        <Jump to="before" onJump={() => onGo(before.at)} />
      ) : (
        partBefore !== undefined && <Jump to="partBefore" onJump={() => onPart(partBefore.id)} />
      )}
      {next !== undefined ? (
        <Jump to="next" onJump={() => onGo(next.at)} />
      ) : (
        nextPart !== undefined && <Jump to="nextPart" onJump={() => onPart(nextPart.id)} />
      )}
    </Group>
  );
}

const WAYS = {
  before: IconPlayerTrackPrev,
  partBefore: IconPlayerTrackPrev,
  next: IconPlayerTrackNext,
  nextPart: IconPlayerTrackNext,
} as const;

function Jump({ to, onJump }: { to: keyof typeof WAYS; onJump: () => void }) {
  const { t } = useTranslation();
  const Icon = WAYS[to];
  return (
    <ActionIcon variant="default" aria-label={t(`recordings.${to}`)} onClick={onJump}>
      <Icon size={16} />
    </ActionIcon>
  );
}
