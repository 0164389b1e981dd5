// A1: before the shift. Which phone, is the microphone heard, is the speaker right, does it ring, may we
// notify, is the phone registered; then one green button.
import {
  Alert,
  Button,
  Card,
  Group,
  List,
  Loader,
  SegmentedControl,
  Select,
  Slider,
  Stack,
  Text,
  ThemeIcon,
  Title,
} from "@mantine/core";
import {
  IconAlertTriangle,
  IconBell,
  IconCircleCheck,
  IconDeviceLandlinePhone,
  IconHeadphones,
  IconMicrophone,
  IconPhone,
  IconPlayerPlay,
  type TablerIcon,
} from "@tabler/icons-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { LevelMeter } from "@/components/level_meter";
import { useCommand } from "@/components/use_command";
import { useLinked } from "@/state/console";
import { useSoundDevices } from "@/state/devices";
import { usePhoneTab } from "@/state/phone_tab";
import { chooseDevices, choosePhone, type PhoneKind, usePreferences } from "@/state/preferences";
import {
  microphone,
  movePhoneHere,
  openMicrophone,
  readyPhone,
  restartPhone,
  startShift,
  useShift,
} from "@/state/shift";
import { playOnce, ring } from "@/wire/phone/tones";

const RING_TEST_MS = 2_600;
const level = () => microphone.level();

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
      <SegmentedControl
        fullWidth
        value={kind}
        onChange={(value) => choosePhone(value as PhoneKind)}
        aria-label={t("preflight.phone")}
        data={[
          { value: "browser", label: t("preflight.browser") },
          { value: "desk", label: t("preflight.desk") },
        ]}
      />
      {browser ? (
        <>
          <MicrophoneStep />
          <SpeakerStep />
          <RegistrationStep />
        </>
      ) : (
        <Step icon={IconDeviceLandlinePhone} done title={t("preflight.desk")}>
          <Text size="sm">{t("preflight.deskHint")}</Text>
        </Step>
      )}
      <NotificationStep />
      <Button
        size="lg"
        color="green"
        leftSection={<IconPlayerPlay size={20} />}
        disabled={!linked || !ready}
        loading={pending}
        onClick={() => void run(() => startShift(kind))}
      >
        {t("preflight.start")}
      </Button>
      {!ready && (
        <Text size="sm" c="dimmed" ta="center">
          {t("preflight.notReady")}
        </Text>
      )}
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

function Step({
  icon: Icon,
  title,
  done,
  wrong = false,
  children,
}: {
  icon: TablerIcon;
  title: string;
  done: boolean;
  wrong?: boolean;
  children: ReactNode;
}) {
  const color = wrong ? "red" : done ? "green" : "gray";
  const Mark = wrong ? IconAlertTriangle : done ? IconCircleCheck : Icon;
  return (
    <Card withBorder>
      <Group align="flex-start" wrap="nowrap">
        <ThemeIcon variant="light" color={color} size={40} radius="xl">
          <Mark size={20} aria-hidden />
        </ThemeIcon>
        <Stack gap="xs" flex={1} miw={0}>
          <Text fw={600}>{title}</Text>
          {children}
        </Stack>
      </Group>
    </Card>
  );
}

function MicrophoneStep() {
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
          <Select
            label={t("preflight.microphone")}
            data={devices.inputs.map(({ id, label }) => ({ value: id, label }))}
            value={chosen || microphone.device || null}
            allowDeselect={false}
            onChange={(id) => {
              chooseDevices({ microphone: id ?? "" });
              void openMicrophone();
            }}
          />
        </>
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
        <List size="sm" mt="xs">
          <List.Item>{t("microphone.deniedStep1")}</List.Item>
          <List.Item>{t("microphone.deniedStep2")}</List.Item>
          <List.Item>{t("microphone.deniedStep3")}</List.Item>
        </List>
      )}
      <Button size="xs" mt="sm" variant="default" onClick={() => void readyPhone("browser")}>
        {t("action.retry")}
      </Button>
    </Alert>
  );
}

function SpeakerStep() {
  const { t } = useTranslation();
  const permitted = useShift((shift) => shift.microphone === "open");
  const { outputs } = useSoundDevices(permitted);
  const { speaker, ringer, ringVolume } = usePreferences((preferences) => preferences.devices);
  const data = outputs.map(({ id, label }) => ({ value: id, label }));
  const testRing = () => {
    const stop = ring(ringer, ringVolume);
    setTimeout(stop, RING_TEST_MS);
  };
  return (
    <Step icon={IconHeadphones} title={t("preflight.sound")} done={permitted}>
      <Group align="flex-end" wrap="nowrap">
        <Select
          flex={1}
          label={t("preflight.speaker")}
          placeholder={t("preflight.standardDevice")}
          data={data}
          value={speaker || null}
          onChange={(id) => chooseDevices({ speaker: id ?? "" })}
          clearable
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
        <Select
          flex={1}
          label={t("preflight.ringer")}
          placeholder={t("preflight.standardDevice")}
          data={data}
          value={ringer || null}
          onChange={(id) => chooseDevices({ ringer: id ?? "" })}
          clearable
        />
        <Button variant="default" leftSection={<IconBell size={16} />} onClick={testRing}>
          {t("preflight.testRing")}
        </Button>
      </Group>
      <div>
        <Text size="sm" fw={500}>
          {t("preflight.volume")}
        </Text>
        <Slider
          min={0}
          max={1}
          step={0.05}
          label={null}
          value={ringVolume}
          thumbLabel={t("preflight.volume")}
          onChange={(volume) => chooseDevices({ ringVolume: volume })}
        />
      </div>
    </Step>
  );
}

function RegistrationStep() {
  const { t } = useTranslation();
  const { phone, microphone: mic } = useShift();
  const { holding, holder } = usePhoneTab();
  const wrong = phone.link === "refused" || phone.link === "lost";
  return (
    <Step
      icon={IconPhone}
      title={t("preflight.registration")}
      done={phone.link === "registered" || holding === "waiting"}
      wrong={wrong}
    >
      {holding === "waiting" ? (
        <Group justify="space-between">
          <Text size="sm">{t("phone.otherTab", { tab: holder || t("phone.unknownTab") })}</Text>
          <Button size="xs" variant="default" onClick={movePhoneHere}>
            {t("phone.moveHere")}
          </Button>
        </Group>
      ) : (
        <Group gap="xs">
          {phone.link === "connecting" && <Loader size="xs" />}
          <Text size="sm">
            {mic !== "open" && phone.link === "off"
              ? t("preflight.afterMicrophone")
              : t(`phone.${phone.link}`)}
          </Text>
          {phone.reason !== "" && (
            <Text size="sm" c="dimmed">
              {phone.reason}
            </Text>
          )}
          {wrong && (
            <Button size="xs" variant="default" onClick={restartPhone}>
              {t("action.retry")}
            </Button>
          )}
        </Group>
      )}
    </Step>
  );
}

function NotificationStep() {
  const { t } = useTranslation();
  const known = "Notification" in globalThis;
  const [permission, setPermission] = useState(known ? Notification.permission : "denied");
  return (
    <Step icon={IconBell} title={t("preflight.notifications")} done={permission === "granted"}>
      {permission === "default" && (
        <Group justify="space-between">
          <Text size="sm">{t("preflight.notificationsHint")}</Text>
          <Button
            size="xs"
            variant="default"
            onClick={() => void Notification.requestPermission().then(setPermission)}
          >
            {t("preflight.allow")}
          </Button>
        </Group>
      )}
      {permission === "granted" && <Text size="sm">{t("preflight.notificationsOn")}</Text>}
      {permission === "denied" && (
        <Text size="sm" c="dimmed">
          {t("preflight.notificationsOff")}
        </Text>
      )}
    </Step>
  );
}
