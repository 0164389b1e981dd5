// The steps about sound: microphone with a live meter, speaker and ring with their tests.
import { Alert, Button, Group, NativeSelect, Text } from "@mantine/core";
import { IconBell, IconHeadphones, IconMicrophone } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LevelMeter } from "@/components/level_meter";
import { useSoundDevices } from "@/state/devices";
import { chooseDevices, usePreferences } from "@/state/preferences";
import { microphone, openMicrophone, readyPhone, refreshSpeaker, useShift } from "@/state/shift";
import { playOnce, ring } from "@/wire/phone/tones";
import { Step } from "./step";

const RING_TEST_MS = 2_600;
const level = () => microphone.level();

export function MicrophoneStep() {
  const { t } = useTranslation();
  const state = useShift((shift) => shift.microphone);
  const devices = useSoundDevices(state === "open");
  const chosen = usePreferences((preferences) => preferences.devices.microphone);
  const open = state === "open";
  const failed = !open && state !== "closed";
  return (
    <Step icon={IconMicrophone} title={t("preflight.microphone")} done={open} wrong={failed}>
      {state === "closed" && (
        <>
          <Text size="sm">{t("preflight.microphoneHint")}</Text>
          <Button
            leftSection={<IconMicrophone size={16} />}
            style={{ alignSelf: "flex-start" }}
            onClick={() => void readyPhone("browser")}
          >
            {t("preflight.allow")}
          </Button>
        </>
      )}
      {failed && <MicrophoneTrouble reason={state} />}
      {open && (
        <>
          <LevelMeter wide level={level} label={t("preflight.level")} />
          <Text size="sm" c="dimmed">
            {t("preflight.speak")}
          </Text>
        </>
      )}
      {state !== "closed" && devices.inputs.length > 0 && (
        <NativeSelect
          label={t("preflight.microphone")}
          data={devices.inputs.map(({ id, label }) => ({ value: id, label }))}
          value={devices.inputs.some(({ id }) => id === chosen) ? chosen : microphone.device}
          onChange={(event) => {
            chooseDevices({ microphone: event.currentTarget.value });
            void openMicrophone();
          }}
        />
      )}
    </Step>
  );
}

function MicrophoneTrouble({
  reason,
}: {
  reason: "denied" | "missing" | "busy" | "insecure" | "failed";
}) {
  const { t } = useTranslation();
  return (
    <Alert color="red" variant="light" title={t(`microphone.${reason}`)}>
      <Text size="sm">{t(`microphone.${reason}Todo`)}</Text>
      {reason === "denied" && (
        <Text component="ul" size="sm" mt="xs" mb={0} pl="lg">
          <li>{t("microphone.deniedStep1")}</li>
          <li>{t("microphone.deniedStep2")}</li>
          <li>{t("microphone.deniedStep3")}</li>
        </Text>
      )}
      <Button size="xs" mt="sm" variant="default" onClick={() => void readyPhone("browser")}>
        {t("action.retry")}
      </Button>
    </Alert>
  );
}

export function SpeakerStep() {
  const { t } = useTranslation();
  const permitted = useShift((shift) => shift.microphone === "open");
  const { outputs } = useSoundDevices(permitted);
  const { speaker, ringer, ringVolume } = usePreferences((preferences) => preferences.devices);
  const data = [
    { value: "", label: t("preflight.standardDevice") },
    ...outputs.map(({ id, label }) => ({ value: id, label })),
  ];
  const testRing = () => {
    const stop = ring(ringer, ringVolume);
    setTimeout(stop, RING_TEST_MS);
  };
  return (
    <Step icon={IconHeadphones} title={t("preflight.sound")} done={permitted}>
      <Group align="flex-end" wrap="nowrap">
        <NativeSelect
          flex={1}
          label={t("preflight.speaker")}
          data={data}
          value={speaker}
          onChange={(event) => {
            chooseDevices({ speaker: event.currentTarget.value });
            refreshSpeaker();
          }}
        />
        <Button
          variant="default"
          leftSection={<IconHeadphones size={16} />}
          onClick={() => void playOnce(speaker, 0.5, "test")}
        >
          {t("preflight.testSpeaker")}
        </Button>
      </Group>
      <Group align="flex-end" wrap="nowrap">
        <NativeSelect
          flex={1}
          label={t("preflight.ringer")}
          data={data}
          value={ringer}
          onChange={(event) => chooseDevices({ ringer: event.currentTarget.value })}
        />
        <Button variant="default" leftSection={<IconBell size={16} />} onClick={testRing}>
          {t("preflight.testRing")}
        </Button>
      </Group>
      <label>
        <Text size="sm" fw={500}>
          {t("preflight.volume")}
        </Text>
        <input
          type="range"
          className="cc-range"
          min={0}
          max={1}
          step={0.05}
          value={ringVolume}
          onChange={(event) => chooseDevices({ ringVolume: event.currentTarget.valueAsNumber })}
        />
      </label>
    </Step>
  );
}
