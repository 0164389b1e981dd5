// The steps about links: the phone's registration, and leave to notify.
import { Button, Group, Loader, Text } from "@mantine/core";
import { IconBell, IconPhone } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { usePhoneTab } from "@/state/phone_tab";
import { movePhoneHere, restartPhone, useShift } from "@/state/shift";
import { Step } from "./step";

export function RegistrationStep() {
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

export function NotificationStep() {
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
