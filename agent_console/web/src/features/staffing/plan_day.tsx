// One agent's day: shifts with breaks, typed, and written to other days of the week at the same time.
// What is typed stays until it is saved.
import {
  ActionIcon,
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useLanguage } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { type ShiftChange, type Shifts, writeShifts } from "@/wire/shifts";
import { usePlanUndo } from "./plan_changes";
import { dayText, flawOf, shiftOf, type TypedShift, typedOf } from "./plan_values";

export interface Chosen {
  agent: Shifts["agents"][number];
  day: string;
}

const FRESH: TypedShift = { begins: "09:00", ends: "17:00", breaks: "12:00-12:30" };
const SHIFTS_MAX = 4;

export function PlanDay({
  chosen,
  days,
  plan,
  onClose,
}: {
  chosen: Chosen;
  days: string[];
  plan: Shifts;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const words = useErrorText();
  const client = useQueryClient();
  const undo = usePlanUndo();
  const { agent, day } = chosen;
  const at = (one: string) =>
    plan.days.find((planned) => planned.agent === agent.id && planned.day === one);
  const there = at(day)?.shifts.map(typedOf) ?? [];
  const kept = useKeptForm(`shift-${agent.id}-${day}`, {
    shifts: there.length > 0 ? there : [FRESH],
    also: [] as string[],
  });
  const [draft, setDraft] = useState(kept.first);
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const put = (part: Partial<typeof draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    setError(null);
    kept.keep(next);
  };
  const write = async (shifts: TypedShift[]) => {
    setTried(true);
    setError(null);
    if (shifts.some((one) => flawOf(one) !== null)) return;
    setSaving(true);
    try {
      const wanted = [day, ...draft.also.filter((one) => one !== day)].map((one) => ({
        agent: agent.id,
        day: one,
        shifts: shifts.map(shiftOf),
        version: at(one)?.version ?? 0,
      }));
      const change: ShiftChange = await writeShifts(wanted);
      kept.forget();
      onClose();
      notify({
        color: "green",
        message: (
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm">{t("plan.saved", { name: agent.name, count: change.days })}</Text>
            <Button size="compact-sm" variant="default" onClick={() => void undo(change.id)}>
              {t("plan.undo")}
            </Button>
          </Group>
        ),
      });
    } catch (problem) {
      setError(problem);
    } finally {
      setSaving(false);
      await client.invalidateQueries({ queryKey: ["shifts"] });
      await client.invalidateQueries({ queryKey: ["report", "staffing"] });
    }
  };
  const change = (number: number, part: Partial<TypedShift>) =>
    put({
      shifts: draft.shifts.map((one, place) => (place === number ? { ...one, ...part } : one)),
    });
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={
        <Text fw={650}>{t("plan.dayOf", { name: agent.name, day: dayText(day, language) })}</Text>
      }
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        data-testid="plan-day"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void write(draft.shifts);
        }}
      >
        <Stack gap="md">
          {draft.shifts.map((shift, number) => (
            <ShiftFields
              // biome-ignore lint/suspicious/noArrayIndexKey: a shift has no name but its place
              key={number}
              shift={shift}
              flaw={tried ? flawOf(shift) : null}
              onChange={(part) => change(number, part)}
              onRemove={
                draft.shifts.length > 1
                  ? () => put({ shifts: draft.shifts.filter((_, place) => place !== number) })
                  : null
              }
            />
          ))}
          <Group>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPlus size={14} />}
              disabled={draft.shifts.length >= SHIFTS_MAX}
              onClick={() =>
                put({ shifts: [...draft.shifts, { begins: "", ends: "", breaks: "" }] })
              }
            >
              {t("plan.anotherShift")}
            </Button>
          </Group>
          <Checkbox.Group
            label={t("plan.also")}
            description={t("plan.alsoHint")}
            value={draft.also}
            onChange={(also) => put({ also })}
          >
            <Group gap="sm" mt="xs">
              {days
                .filter((one) => one !== day)
                .map((one) => (
                  <Checkbox key={one} value={one} label={dayText(one, language)} />
                ))}
            </Group>
          </Checkbox.Group>
          {error !== null && (
            <Alert color="red" role="alert">
              {words(error)}
            </Alert>
          )}
          <Group justify="space-between">
            <Button
              variant="default"
              disabled={saving || (there.length === 0 && draft.also.length === 0)}
              onClick={() => void write([])}
            >
              {t("plan.dayOff")}
            </Button>
            <Group gap="xs">
              <Button variant="default" onClick={onClose}>
                {t("action.cancel")}
              </Button>
              <Button type="submit" loading={saving}>
                {t("action.save")}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function ShiftFields({
  shift,
  flaw,
  onChange,
  onRemove,
}: {
  shift: TypedShift;
  flaw: ReturnType<typeof flawOf>;
  onChange: (part: Partial<TypedShift>) => void;
  onRemove: (() => void) | null;
}) {
  const { t } = useTranslation();
  const night = shift.ends !== "" && shift.ends <= shift.begins;
  return (
    <Group align="start" gap="sm" wrap="nowrap">
      <TextInput
        label={t("plan.begins")}
        placeholder="09:00"
        w={90}
        value={shift.begins}
        error={flaw === "begins" && t("plan.flawTime")}
        onChange={({ currentTarget: { value } }) => onChange({ begins: value.trim() })}
      />
      <TextInput
        label={t("plan.ends")}
        placeholder="17:00"
        w={110}
        value={shift.ends}
        description={night ? t("plan.nextDay") : undefined}
        inputWrapperOrder={["label", "input", "description", "error"]}
        error={flaw === "ends" && t("plan.flawTime")}
        onChange={({ currentTarget: { value } }) => onChange({ ends: value.trim() })}
      />
      <TextInput
        label={t("plan.breaks")}
        placeholder="12:00-12:30, 15:00-15:15"
        style={{ flex: 1 }}
        value={shift.breaks}
        error={
          (flaw === "breaks" && t("plan.flawBreaks")) || (flaw === "within" && t("plan.flawWithin"))
        }
        onChange={({ currentTarget: { value } }) => onChange({ breaks: value })}
      />
      {onRemove !== null && (
        <ActionIcon
          variant="subtle"
          color="gray"
          mt={28}
          aria-label={t("plan.removeShift")}
          onClick={onRemove}
        >
          <IconTrash size={16} />
        </ActionIcon>
      )}
    </Group>
  );
}
