// The microphone's level and the call's sound quality, always in the header, with the choice of devices
// behind them; a hint when an agent on a call has not been heard for five seconds.
import { Group, Text, Tooltip, UnstyledButton } from "@mantine/core";
import {
  IconAntennaBars1,
  IconAntennaBars3,
  IconAntennaBars5,
  IconMicrophone,
  IconMicrophoneOff,
} from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Late, late } from "@/components/late";
import { LevelMeter } from "@/components/level_meter";
import { microphone, useShift } from "@/state/shift";
import { grade } from "@/wire/phone/quality";

const SOUND = late(async () => (await import("./sound_dialog")).SoundDialog);
const QUIET_LEVEL = 0.08;
const QUIET_AFTER_MS = 5_000;
const level = () => microphone.level();
const SIGNS = { good: IconAntennaBars5, fair: IconAntennaBars3, bad: IconAntennaBars1 };
const COLORS = { good: "green", fair: "yellow", bad: "red" };

export function HealthDots() {
  const { t } = useTranslation();
  const { phone, microphone: state } = useShift();
  const quality = phone.quality;
  const talking = phone.call?.phase === "up" && !phone.call.muted;
  const quiet = useQuiet(talking && state === "open");
  const [choosing, setChoosing] = useState(false);
  if (state === "closed") return null;
  const sign = quality === null ? null : grade(quality);
  const Sign = sign === null ? null : SIGNS[sign];
  return (
    <Group gap={8} wrap="nowrap" visibleFrom="sm">
      {quiet && (
        <Text size="xs" c="red" fw={600}>
          {t("sound.quiet")}
        </Text>
      )}
      <Tooltip label={t("sound.devices")}>
        <UnstyledButton
          className="cc-sound"
          aria-label={t("sound.devices")}
          onClick={() => setChoosing(true)}
        >
          {phone.call?.muted || state !== "open" ? (
            <IconMicrophoneOff size={18} color="var(--mantine-color-red-6)" aria-hidden />
          ) : (
            <IconMicrophone size={18} aria-hidden />
          )}
          <LevelMeter level={level} label={t("preflight.level")} />
          {phone.call?.muted && <span className="cc-only-heard">{t("call.muted")}</span>}
        </UnstyledButton>
      </Tooltip>
      {choosing && <Late part={SOUND} props={{ close: () => setChoosing(false) }} />}
      {quality !== null && sign !== null && Sign !== null && (
        <Tooltip
          label={t("sound.quality", {
            mos: quality.mos.toFixed(1),
            loss: quality.lossPercent.toFixed(1),
            jitter: Math.round(quality.jitterMs),
            trip: Math.round(quality.roundTripMs),
          })}
        >
          <Sign
            size={20}
            color={`var(--mantine-color-${COLORS[sign]}-6)`}
            aria-label={t(`quality.${sign}`)}
          />
        </Tooltip>
      )}
    </Group>
  );
}

function useQuiet(watch: boolean): boolean {
  const [quiet, setQuiet] = useState(false);
  useEffect(() => {
    if (!watch) {
      setQuiet(false);
      return;
    }
    let heardAt = Date.now();
    const timer = setInterval(() => {
      if (microphone.level() > QUIET_LEVEL) heardAt = Date.now();
      setQuiet(Date.now() - heardAt > QUIET_AFTER_MS);
    }, 200);
    return () => clearInterval(timer);
  }, [watch]);
  return quiet;
}
