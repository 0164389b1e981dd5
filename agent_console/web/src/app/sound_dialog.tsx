// The devices, changed while one works: the same choices as before the shift, and they hold at once, also
// in the call that is on. Behind the meter in the header, fetched when it is opened.
import { Modal, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { MicrophoneStep, SpeakerStep } from "@/features/preflight/sound_steps";

export function SoundDialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={close} title={t("sound.devices")} size="lg">
      <Stack data-testid="sound-devices">
        <MicrophoneStep />
        <SpeakerStep />
      </Stack>
    </Modal>
  );
}
