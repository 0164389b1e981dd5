// The two links, each with its own banner: the console's socket, and the phone. Each says what it means
// for the calls and what to do.
import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import {
  IconAlertTriangle,
  IconDeviceDesktop,
  IconPlugConnectedX,
  IconWifiOff,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useServerSecond } from "@/state/clock";
import { reconnectConsole, useConsole, useOwnRow } from "@/state/console";
import { usePhoneTab } from "@/state/phone_tab";
import { movePhoneHere, openMicrophone, restartPhone, useShift } from "@/state/shift";

export function LinkBanners({ isAgent }: { isAgent: boolean }) {
  return (
    <Stack gap="xs" pb="xs" className="cc-banners">
      <ConsoleBanner />
      <BackendBanner />
      {isAgent && <PhoneBanner />}
    </Stack>
  );
}

function Banner({
  color,
  icon,
  title,
  text,
  button,
}: {
  color: string;
  icon: ReactNode;
  title: string;
  text: string;
  button?: ReactNode;
}) {
  return (
    <Alert color={color} variant="light" icon={icon} title={title} py="xs" role="status">
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{text}</Text>
        {button}
      </Group>
    </Alert>
  );
}

/** A hiccup shorter than this is not worth a banner. */
const PATIENCE_SECONDS = 1;

function ConsoleBanner() {
  const phase = useConsole(({ link }) => link.phase);
  if (phase === "open" || phase === "idle" || phase === "signed-out") return null;
  return <NoConsole />;
}

/** Counts the seconds; there only while the link is not, when no messages come. */
function NoConsole() {
  const { t } = useTranslation();
  const link = useConsole((state) => state.link);
  const heardAt = useConsole((state) => state.heardAt);
  const calling = useShift((state) => state.phone.call?.phase === "up");
  useServerSecond();
  if (link.phase === "too-many") {
    return (
      <Banner
        color="red"
        icon={<IconDeviceDesktop />}
        title={t("link.tooMany")}
        text={t("link.tooManyTodo")}
        button={
          <Button size="xs" variant="default" onClick={reconnectConsole}>
            {t("action.retry")}
          </Button>
        }
      />
    );
  }
  const away = Math.floor((Date.now() - (heardAt || link.since)) / 1000);
  if (away <= PATIENCE_SECONDS) return null;
  return (
    <Banner
      color="yellow"
      icon={<IconWifiOff />}
      title={t("link.console")}
      text={`${t(calling ? "link.callGoesOn" : "link.consoleTodo")} ${t("link.lastUpdate", { count: away })}`}
      button={
        <Button size="xs" variant="default" onClick={reconnectConsole}>
          {t("link.now")}
        </Button>
      }
    />
  );
}

function BackendBanner() {
  const { t } = useTranslation();
  const { asterisk, database } = useConsole((state) => state.backend);
  const known = useConsole((state) => state.live.known && state.link.phase === "open");
  if (!known || (asterisk && database)) return null;
  return (
    <Banner
      color={asterisk ? "yellow" : "red"}
      icon={<IconPlugConnectedX />}
      title={t(asterisk ? "link.database" : "link.asterisk")}
      text={t(asterisk ? "link.databaseTodo" : "link.asteriskTodo")}
    />
  );
}

function PhoneBanner() {
  const { t } = useTranslation();
  const row = useOwnRow();
  const { kind, phone, microphone } = useShift();
  const { holding, holder } = usePhoneTab();
  const onShift = row !== null && row.state !== "offline";
  if (!onShift || kind !== "browser") return null;
  if (holding === "waiting") {
    const busy = row.state === "talking" || row.state === "hold" || row.state === "offered";
    return (
      <Banner
        color="blue"
        icon={<IconDeviceDesktop />}
        title={t("phone.elsewhere")}
        text={t("phone.otherTab", { tab: holder || t("phone.unknownTab") })}
        button={
          <Button size="xs" variant="default" disabled={busy} onClick={movePhoneHere}>
            {t("phone.moveHere")}
          </Button>
        }
      />
    );
  }
  if (microphone !== "open" && microphone !== "closed") {
    return (
      <Banner
        color="red"
        icon={<IconAlertTriangle />}
        title={t(`microphone.${microphone}`)}
        text={t(`microphone.${microphone}Todo`)}
        button={
          <Button size="xs" color="red" onClick={() => void openMicrophone()}>
            {t("action.retry")}
          </Button>
        }
      />
    );
  }
  if (phone.link === "registered" || phone.link === "off") return null;
  if (phone.link === "connecting" || (phone.link === "lost" && phone.call !== null)) {
    return (
      <Banner
        color="yellow"
        icon={<IconWifiOff />}
        title={t("phone.connecting")}
        text={phone.call === null ? t("phone.connectingTodo") : t("link.callGoesOn")}
      />
    );
  }
  return (
    <Banner
      color="red"
      icon={<IconAlertTriangle />}
      title={t("phone.offline")}
      text={`${t(phone.link === "refused" ? "phone.refusedTodo" : "phone.lostTodo")} ${phone.reason}`}
      button={
        <Button size="xs" color="red" onClick={restartPhone}>
          {t("phone.fix")}
        </Button>
      }
    />
  );
}
