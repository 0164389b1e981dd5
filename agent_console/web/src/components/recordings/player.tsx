// One recording: both sides as a picture, played at a speed of one's own; marks, remarks at a moment,
// download. Nothing is fetched, and nothing audited, before somebody plays it and says why.
import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
} from "@mantine/core";
import { IconDownload, IconPlayerPauseFilled, IconPlayerPlayFilled } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { duration, percent } from "@/state/format";
import { useSession } from "@/state/session";
import {
  REASONS,
  type Reason,
  type RecordingDetail,
  readRecording,
  recordingFile,
  recordingSound,
} from "@/wire/recordings";
import { Jumps, Marks, marksOf, Parts, stopsOf } from "./marks";
import { Remarks } from "./remarks";
import { readPeaks, Waveform } from "./waveform";

const SPEEDS = ["0.75", "1", "1.25", "1.5", "2"];

/** `onPart`: another part of the call is wanted; without it the player opens it by itself. */
export function RecordingPlayer({
  recording,
  onPart,
}: {
  recording: string;
  onPart?: (recording: string) => void;
}) {
  const [chosen, setChosen] = useState(recording);
  const shown = onPart === undefined ? chosen : recording;
  const query = useQuery({
    queryKey: ["recording", shown],
    queryFn: () => readRecording(shown),
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={3} />;
  return <Loaded key={shown} detail={query.data} onPart={onPart ?? setChosen} />;
}

interface Opened {
  detail: RecordingDetail;
  onPart: (recording: string) => void;
}

function Loaded({ detail, onPart }: Opened) {
  const { t } = useTranslation();
  if (detail.state !== "stored") {
    const words = {
      waiting: t("recordings.waiting"),
      failed: t("recordings.unusable"),
      erased: t("recordings.erased"),
    };
    return (
      <Stack gap="xs">
        <Alert color={detail.state === "failed" ? "red" : "gray"}>
          {words[detail.state]}
          {detail.erased_why && ` (${detail.erased_why})`}
        </Alert>
        <Parts detail={detail} onPart={onPart} />
      </Stack>
    );
  }
  return <Sounding detail={detail} onPart={onPart} />;
}

function Sounding({ detail, onPart }: Opened) {
  const { t } = useTranslation();
  const { role } = useSession();
  const audio = useRef<HTMLAudioElement>(null);
  const [reason, setReason] = useState<Reason>(role === "agent" ? "own" : "quality");
  const [at, setAt] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState(false);
  const [speed, setSpeed] = useState("1");
  const waves = useMemo(() => readPeaks(detail.peaks), [detail.peaks]);
  const seconds = detail.seconds ?? 0;
  const play = () => {
    const player = audio.current;
    if (player === null) return;
    setBroken(false);
    if (player.getAttribute("src") === null) {
      player.src = recordingSound(detail.id, reason);
      player.currentTime = at;
    }
    player.playbackRate = Number(speed);
    void player.play().catch(() => setBroken(true));
  };
  const go = (second: number) => {
    setAt(second);
    if (audio.current?.getAttribute("src")) audio.current.currentTime = second;
  };
  const marks = useMemo(() => marksOf(detail), [detail]);
  const stops = useMemo(() => stopsOf(detail), [detail]);
  return (
    <Stack gap="xs" data-testid="recording" data-recording={detail.id} data-playing={playing}>
      {/* biome-ignore lint/a11y/useMediaCaption: there is no text of what was said */}
      <audio
        ref={audio}
        preload="none"
        onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onError={() => setBroken(true)}
      />
      <Waveform
        waves={waves}
        seconds={seconds}
        at={at}
        pauses={detail.pauses}
        marks={stops}
        label={t("recordings.place")}
        onGo={go}
      />
      <Sides />
      <Parts detail={detail} onPart={onPart} />
      <Marks marks={marks} onGo={go} />
      <Group gap="sm">
        <ActionIcon
          size="lg"
          variant="filled"
          aria-label={t(playing ? "recordings.pause" : "recordings.play")}
          onClick={() => (playing ? audio.current?.pause() : play())}
        >
          {playing ? <IconPlayerPauseFilled size={18} /> : <IconPlayerPlayFilled size={18} />}
        </ActionIcon>
        <Text className="cc-figures" size="sm">
          {duration(at)} / {duration(seconds)}
        </Text>
        <Jumps detail={detail} stops={stops} at={at} onGo={go} onPart={onPart} />
        <SegmentedControl
          size="xs"
          aria-label={t("recordings.speed")}
          value={speed}
          onChange={(chosen) => {
            setSpeed(chosen);
            if (audio.current !== null) audio.current.playbackRate = Number(chosen);
          }}
          data={SPEEDS.map((value) => ({ value, label: `${value}×` }))}
        />
        <Select
          size="xs"
          w={170}
          aria-label={t("recordings.reason")}
          allowDeselect={false}
          value={reason}
          onChange={(chosen) => {
            setReason((chosen ?? "quality") as Reason);
            audio.current?.pause();
            audio.current?.removeAttribute("src");
          }}
          data={REASONS.map((value) => ({ value, label: t(`recordingReason.${value}`) }))}
        />
        {role !== "agent" && (
          <Button
            size="xs"
            variant="default"
            component="a"
            href={recordingFile(detail.id, reason)}
            leftSection={<IconDownload size={14} />}
          >
            {t("recordings.download")}
          </Button>
        )}
      </Group>
      {broken && (
        <Text size="sm" c="red" role="alert">
          {t("recordings.cannotPlay")}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {t("recordings.audited")}
      </Text>
      <Figures detail={detail} />
      <Remarks detail={detail} at={at} onGo={go} />
    </Stack>
  );
}

function Sides() {
  const { t } = useTranslation();
  return (
    <Group gap="md">
      <Badge size="sm" variant="dot" color="blue" className="cc-badge">
        {t("recordings.caller")}
      </Badge>
      <Badge size="sm" variant="dot" color="orange" className="cc-badge">
        {t("recordings.agent")}
      </Badge>
    </Group>
  );
}

function Figures({ detail }: { detail: RecordingDetail }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const said = [
    detail.agent_share !== null &&
      t("recordings.share", { share: percent(100 * detail.agent_share, language) }),
    detail.silence_longest !== null &&
      t("recordings.silence", { seconds: Math.round(detail.silence_longest) }),
    detail.agent_interrupts !== null &&
      t("recordings.interrupts", { times: detail.agent_interrupts }),
    detail.silent === true && t("recordings.provedSilent"),
  ].filter((one) => one !== false);
  return said.length === 0 ? null : (
    <Text size="sm" c="dimmed">
      {said.join(" · ")}
    </Text>
  );
}
