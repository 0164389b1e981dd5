// A1: before the shift. Which phone, is the microphone heard, is the speaker right, does it ring, may we
// notify, is the phone registered; then one green button.
import { Button, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconDeviceLandlinePhone, IconPlayerPlay } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { useLinked } from "@/state/console";
import { usePhoneTab } from "@/state/phone_tab";
import { choosePhone, type PhoneKind, usePreferences } from "@/state/preferences";
import { microphone, readyPhone, startShift, useShift } from "@/state/shift";
import { NotificationStep, RegistrationStep } from "./link_steps";
import { MicrophoneStep, SpeakerStep } from "./sound_steps";
import { Step } from "./step";

const PHONES: readonly PhoneKind[] = ["browser", "desk"];

export function PreFlight() {
  const { t } = useTranslation();
  const kind = usePreferences((state) => state.phone);
  const linked = useLinked();
  const shift = useShift();
  const holding = usePhoneTab((state) => state.holding);
  const { run, pending } = useCommand();
  usePermittedMicrophone(kind);
  const browser = kind === "browser";
  const ready =
    !browser ||
    (shift.microphone === "open" && (shift.phone.link === "registered" || holding === "waiting"));
  return (
    <Stack maw={720} mx="auto" gap="md" data-testid="pre-flight">
      <div>
        <Title order={2}>{t("preflight.title")}</Title>
        <Text c="dimmed">{t("preflight.hint")}</Text>
      </div>
      <Button.Group aria-label={t("preflight.phone")}>
        {PHONES.map((one) => (
          <Button
            key={one}
            fullWidth
            variant={one === kind ? "filled" : "default"}
            aria-pressed={one === kind}
            onClick={() => choosePhone(one)}
          >
            {t(`preflight.${one}`)}
          </Button>
        ))}
      </Button.Group>
      {browser ? (
        <>
          <MicrophoneStep />
          <SpeakerStep />
        </>
      ) : (
        <Step icon={IconDeviceLandlinePhone} done title={t("preflight.desk")}>
          <Text size="sm">{t("preflight.deskHint")}</Text>
        </Step>
      )}
      <SimpleGrid cols={{ base: 1, sm: browser ? 2 : 1 }}>
        {browser && <RegistrationStep />}
        <NotificationStep />
      </SimpleGrid>
      <Paper withBorder shadow="md" p="sm" className="cc-start">
        <Button
          size="lg"
          data-testid="start-shift"
          color="green"
          fullWidth
          leftSection={<IconPlayerPlay size={20} />}
          disabled={!linked || !ready}
          loading={pending}
          onClick={() => void run(() => startShift(kind))}
        >
          {t("preflight.start")}
        </Button>
        {!ready && (
          <Text size="sm" c="dimmed" ta="center" mt={6}>
            {t("preflight.notReady")}
          </Text>
        )}
      </Paper>
    </Stack>
  );
}

/** Where the browser has allowed the microphone before, nobody needs to press a button again. */
function usePermittedMicrophone(kind: PhoneKind) {
  useEffect(() => {
    if (kind !== "browser" || microphone.isOpen) return;
    const asked = navigator.permissions?.query({ name: "microphone" as PermissionName });
    void asked?.then(
      (status) => {
        if (status.state === "granted") void readyPhone("browser");
      },
      () => undefined,
    );
  }, [kind]);
}
