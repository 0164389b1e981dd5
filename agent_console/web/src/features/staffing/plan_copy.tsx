// This week over another one.
import { Alert, Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useLanguage } from "@/state/choices";
import { copyShifts } from "@/wire/shifts";
import { usePlanUndo } from "./plan_changes";
import { dayAfter, dayText, isDay, mondayOf, WEEK_DAYS } from "./plan_values";

export function PlanCopy({
  monday,
  agents,
  onClose,
}: {
  monday: string;
  /** Empty: all. */
  agents: string[];
  /** The week that was written, null: none. */
  onClose: (week: string | null) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useErrorText();
  const client = useQueryClient();
  const undo = usePlanUndo();
  const [target, setTarget] = useState(dayAfter(monday, WEEK_DAYS));
  const [error, setError] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const week = isDay(target) ? mondayOf(target) : null;
  const copy = async () => {
    if (week === null) return;
    setSaving(true);
    setError(null);
    try {
      const change = await copyShifts(monday, week, agents);
      await client.invalidateQueries({ queryKey: ["shifts"] });
      notify({
        color: "green",
        message: (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{t("plan.copied", { count: change.agents.length })}</Text>
            <Button size="compact-sm" variant="default" onClick={() => void undo(change.id)}>
              {t("plan.undo")}
            </Button>
          </Group>
        ),
      });
      onClose(week);
    } catch (problem) {
      setError(problem);
      setSaving(false);
    }
  };
  return (
    <Modal
      opened
      onClose={() => onClose(null)}
      title={<Text fw={650}>{t("plan.copy")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void copy();
        }}
      >
        <Stack>
          <Text size="sm">{t("plan.copyHint")}</Text>
          <TextInput
            type="date"
            label={t("plan.copyTo")}
            value={target}
            data-autofocus
            description={week === null ? "" : t("plan.weekFrom", { day: dayText(week, language) })}
            onChange={({ currentTarget: { value } }) => setTarget(value)}
          />
          {error !== null && (
            <Alert color="red" role="alert">
              {words(error)}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => onClose(null)}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" loading={saving} disabled={week === null || week === monday}>
              {t("plan.copyNow")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
