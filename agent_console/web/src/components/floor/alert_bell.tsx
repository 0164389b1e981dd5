// The bell of supervisors: how many alerts nobody has taken notice of, and how many were given to me; a banner
// for each, and a sound once.
import {
  ActionIcon,
  Alert,
  Button,
  Group,
  Indicator,
  Portal,
  Stack,
  Text,
  Tooltip,
} from "@mantine/core";
import { IconAlertTriangle, IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useSaving } from "@/components/saving";
import { useSession } from "@/state/session";
import { type AlertEvent, acknowledge, listAlerts } from "@/wire/floor";
import { playOnce } from "@/wire/phone/tones";
import { GiveAlert } from "./give_alert";
import { useRuleText } from "./words";

const BANNERS_MAX = 3;

export function AlertBell() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const text = useRuleText();
  const { save, saving } = useSaving(["news", "alerts"]);
  const { data } = useQuery({
    queryKey: ["news", "alerts", "open"],
    queryFn: () => listAlerts(true),
    refetchInterval: 60_000,
  });
  const me = useSession().id;
  const mine = (alert: AlertEvent) => alert.given_to === me && alert.taken === null;
  const open = (data ?? []).filter((alert) => alert.acknowledged === null || mine(alert));
  useChime(
    open
      .filter((alert) => alert.sound && (alert.ended === null || mine(alert)))
      .map((alert) => (mine(alert) ? `${alert.id}/${alert.given}` : alert.id)),
  );
  const banner = document.getElementById("cc-alerts");
  return (
    <>
      <Tooltip label={t("alert.bell", { count: open.length })}>
        <Indicator label={open.length} size={16} color="red" disabled={open.length === 0}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t("alert.bell", { count: open.length })}
            onClick={() => void navigate({ to: "/live/floor", search: { tab: "alerts" } })}
          >
            <IconBell size={20} />
          </ActionIcon>
        </Indicator>
      </Tooltip>
      {banner !== null && open.length > 0 && (
        <Portal target={banner}>
          <Stack gap="xs" pb="xs">
            {open.slice(0, BANNERS_MAX).map((alert) => (
              <Alert
                key={alert.id}
                color={alert.ended === null ? "red" : "gray"}
                variant="light"
                icon={<IconAlertTriangle />}
                title={alert.name}
                py="xs"
                role="alert"
              >
                <Group justify="space-between" wrap="nowrap">
                  <Text size="sm">
                    {mine(alert) && `${t("alert.givenYou", { name: alert.given_by_name })} · `}
                    {text(alert)}
                    {alert.ended !== null && ` · ${t("alert.over-now")}`}
                  </Text>
                  <Group gap="xs" wrap="nowrap">
                    <Button
                      size="compact-sm"
                      variant="default"
                      loading={saving}
                      onClick={() => void save(() => acknowledge(alert.id))}
                    >
                      {t("alert.acknowledge")}
                    </Button>
                    <GiveAlert alert={alert} />
                  </Group>
                </Group>
              </Alert>
            ))}
          </Stack>
        </Portal>
      )}
    </>
  );
}

/** Once for each alert; those that stood when the page was opened are not rung for. */
function useChime(ids: string[]): void {
  const heard = useRef<Set<string> | null>(null);
  const key = ids.join(" ");
  useEffect(() => {
    const now = key === "" ? [] : key.split(" ");
    const known = heard.current;
    heard.current = new Set([...(known ?? []), ...now]);
    if (known !== null && now.some((id) => !known.has(id))) void playOnce("", 0.5, "test");
  }, [key]);
}
