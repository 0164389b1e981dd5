// The switch that closes a calendar, or all of them, at once; with a message that callers may hear.
import { Alert, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { IconAlertOctagon, IconUrgent } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { moment } from "@/state/format";
import { type CalendarEntry, switchAll, switchOne } from "@/wire/rules";
import { calendarsQuery } from "./queries";

/** `calendar` null: all of them. */
export function EmergencySwitch({ calendar }: { calendar: CalendarEntry | null }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        color="red"
        variant={calendar === null ? "filled" : "light"}
        leftSection={<IconUrgent size={16} />}
        onClick={() => setAsking(true)}
      >
        {calendar === null ? t("hours.closeAll") : t("hours.closeNow")}
      </Button>
      {asking && <Ask calendar={calendar} onClose={() => setAsking(false)} />}
    </>
  );
}

function Ask({ calendar, onClose }: { calendar: CalendarEntry | null; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [message, setMessage] = useState("");
  const [error, setError] = useState<unknown>(null);
  const close = async () => {
    setError(null);
    try {
      const items =
        calendar === null
          ? await switchAll(true, message.trim())
          : await switchOne(calendar.id, true, message.trim());
      client.setQueryData(calendarsQuery.queryKey, items);
      onClose();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        <Text fw={650}>
          {calendar === null ? t("hours.closeAll") : t("hours.closeNamed", { name: calendar.name })}
        </Text>
      }
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack gap="sm">
        <Text size="sm">{t("hours.closeHint")}</Text>
        <Textarea
          label={t("hours.message")}
          description={t("hours.messageHint")}
          maxLength={300}
          autosize
          minRows={2}
          data-autofocus
          value={message}
          onChange={({ currentTarget }) => setMessage(currentTarget.value)}
        />
        {error !== null && <Failure error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button color="red" onClick={() => void close()}>
            {t("hours.closeIt")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** That it is closed by hand, by whom, and the way back. */
export function EmergencyNotice({ calendar }: { calendar: CalendarEntry }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  if (!calendar.emergency) return null;
  const reopen = async () => {
    setError(null);
    try {
      client.setQueryData(calendarsQuery.queryKey, await switchOne(calendar.id, false, ""));
    } catch (problem) {
      setError(problem);
    }
  };
  const since = calendar.emergency_at
    ? moment(Date.parse(calendar.emergency_at) / 1000, Date.now() / 1000, language)
    : "";
  return (
    <Alert
      color="red"
      icon={<IconAlertOctagon />}
      title={t("hours.closedByHand", { by: calendar.emergency_by, since })}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{calendar.message || t("hours.noMessage")}</Text>
        <Button size="xs" variant="default" onClick={() => void reopen()}>
          {t("hours.openAgain")}
        </Button>
      </Group>
      {error !== null && <Failure error={error} />}
    </Alert>
  );
}
