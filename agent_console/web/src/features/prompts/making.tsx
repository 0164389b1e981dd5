// A new version of a prompt in one language: from a file, from the microphone, or spoken by the machine.
// One can listen before callers do.
import {
  Alert,
  Button,
  FileButton,
  Group,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { IconMicrophone, IconPlayerStop, IconUpload, IconVolume } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { LevelMeter } from "@/components/level_meter";
import { Player } from "@/components/sound/player";
import { useRecorder } from "@/components/sound/use_recorder";
import { duration } from "@/state/format";
import { hearSpeech, keepSpeech, type PromptVersion, uploadSound } from "@/wire/sound";
import { warningText } from "./warnings";

type Way = "recorded" | "upload" | "speech";
const WAYS: Way[] = ["recorded", "upload", "speech"];

export function Making({ prompt, language }: { prompt: string; language: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [way, setWay] = useState<Way>("recorded");
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<PromptVersion | null>(null);
  const keep = async (work: () => Promise<PromptVersion>) => {
    setBusy(true);
    setError(null);
    setMade(null);
    try {
      setMade(await work());
      return true;
    } catch (problem) {
      setError(problem);
      return false;
    } finally {
      setBusy(false);
      await client.invalidateQueries({ queryKey: ["prompts"] });
    }
  };
  const send = (sound: Blob, kind: "upload" | "recorded", name: string) =>
    keep(() => uploadSound(sound, { prompt, language, kind, name, text, note: "" }));
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t("sound.newVersion")}
        value={way}
        onChange={(chosen) => setWay(chosen as Way)}
        data={WAYS.map((value) => ({ value, label: t(`soundWay.${value}`) }))}
      />
      <Textarea
        label={t("sound.words")}
        description={t("sound.wordsHint")}
        autosize
        minRows={2}
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {way === "recorded" && (
        <Recording busy={busy} onKeep={(sound) => send(sound, "recorded", "")} />
      )}
      {way === "upload" && (
        <FileButton
          accept="audio/*,.amr,.m4a,.webm"
          onChange={(file) => file && void send(file, "upload", file.name)}
        >
          {(props) => (
            <Button {...props} loading={busy} leftSection={<IconUpload size={16} />}>
              {t("sound.chooseFile")}
            </Button>
          )}
        </FileButton>
      )}
      {way === "speech" && (
        <Speaking
          text={text}
          language={language}
          busy={busy}
          onKeep={() => keep(() => keepSpeech(prompt, language, text))}
        />
      )}
      {error !== null && <Failure error={error} />}
      {made !== null && (
        <Alert color={made.warnings.length > 0 ? "orange" : "green"} role="status">
          {[
            t("sound.kept", { version: made.version }),
            ...made.warnings.map((one) => warningText(t, one)),
          ].join(" ")}
        </Alert>
      )}
    </Stack>
  );
}

/** An address for a sound that is only in this page, let go with it. */
function useAddress(sound: Blob | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = sound === null ? null : URL.createObjectURL(sound);
    setAddress(made);
    return () => {
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [sound]);
  return address;
}

function Recording({ busy, onKeep }: { busy: boolean; onKeep: (sound: Blob) => Promise<boolean> }) {
  const { t } = useTranslation();
  const { state, seconds, sound, trouble, level, start, stop, discard } = useRecorder();
  const address = useAddress(sound);
  return (
    <Stack gap="xs">
      {trouble !== null && <Alert color="red">{t(`soundMicrophone.${trouble}`)}</Alert>}
      <Group>
        {state === "recording" ? (
          <Button color="red" leftSection={<IconPlayerStop size={16} />} onClick={stop}>
            {t("sound.stop")}
          </Button>
        ) : (
          <Button
            variant={state === "done" ? "default" : "filled"}
            loading={state === "opening"}
            leftSection={<IconMicrophone size={16} />}
            onClick={start}
          >
            {t(state === "done" ? "sound.again" : "sound.record")}
          </Button>
        )}
        {state === "recording" && (
          <>
            <LevelMeter level={level} label={t("sound.level")} wide />
            <Text className="cc-figures">{duration(seconds)}</Text>
          </>
        )}
      </Group>
      {sound !== null && address !== null && (
        <Group>
          <Player source={address} label={t("sound.listenRecording")} />
          <Button
            loading={busy}
            onClick={() => void onKeep(sound).then((kept) => kept && discard())}
          >
            {t("sound.keep")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function Speaking({
  text,
  language,
  busy,
  onKeep,
}: {
  text: string;
  language: string;
  busy: boolean;
  onKeep: () => Promise<boolean>;
}) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<{ text: string; sound: Blob } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [working, setWorking] = useState(false);
  const address = useAddress(draft?.sound ?? null);
  const listen = async () => {
    setWorking(true);
    setError(null);
    try {
      setDraft({ text, sound: await hearSpeech(text, language) });
    } catch (problem) {
      setError(problem);
    }
    setWorking(false);
  };
  const empty = text.trim() === "";
  return (
    <Stack gap="xs">
      <Group>
        <Button
          variant="default"
          disabled={empty}
          loading={working}
          leftSection={<IconVolume size={16} />}
          onClick={() => void listen()}
        >
          {t("sound.listenFirst")}
        </Button>
        <Button disabled={empty} loading={busy} onClick={() => void onKeep()}>
          {t("sound.keep")}
        </Button>
      </Group>
      {error !== null && <Failure error={error} />}
      {draft !== null && draft.text === text && address !== null && (
        <Player source={address} label={t("sound.listenDraft")} />
      )}
    </Stack>
  );
}
