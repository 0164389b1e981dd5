// One calendar: name, place, week, special days, what comes of it. Changed as a whole, saved by one button.
import { Anchor, Button, Card, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Conflict } from "@/components/conflict";
import { Failure } from "@/components/feedback";
import { rowsOf, weekOf } from "@/state/week";
import { ApiError } from "@/wire/rest";
import {
  type CalendarEntry,
  type HoursBody,
  putCalendar,
  readCalendars,
  removeCalendar,
} from "@/wire/rules";
import { DaysAhead } from "./days_ahead";
import { EmergencyNotice, EmergencySwitch } from "./emergency_switch";
import { NowBadge, useNextChange } from "./hours_words";
import { calendarsQuery } from "./queries";
import { SpecialDays } from "./special_days";
import { useLeaveGuard } from "./use_leave_guard";
import { WeekGrid } from "./week_grid";

interface Draft {
  name: string;
  hours: HoursBody;
}

const draftOf = (calendar: CalendarEntry): Draft => ({
  name: calendar.name,
  hours: {
    timezone: calendar.timezone,
    week: calendar.week ?? {},
    country: calendar.country ?? "",
    holidays: calendar.holidays ?? {},
    overrides: calendar.overrides ?? {},
  },
});

interface Props {
  calendar: CalendarEntry;
  readOnly: boolean;
  onGone: () => void;
}

export function CalendarEditor({ calendar, readOnly, onGone }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const next = useNextChange();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [base, setBase] = useState(calendar.version);
  const [error, setError] = useState<unknown>(null);
  const [conflict, setConflict] = useState(false);
  const [saving, setSaving] = useState(false);
  const { name, hours } = draft ?? draftOf(calendar);
  const week = useMemo(() => weekOf(hours.week), [hours.week]);
  useLeaveGuard(draft !== null);
  const change = (more: Partial<Draft>) => {
    if (draft === null) setBase(calendar.version);
    setDraft({ name, hours, ...more });
  };
  const settle = (items: CalendarEntry[]) => {
    client.setQueryData(calendarsQuery.queryKey, items);
    setDraft(null);
    setConflict(false);
  };
  const save = async (version: number) => {
    setSaving(true);
    setError(null);
    try {
      settle(await putCalendar(calendar.id, name.trim(), hours, version));
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 409) setConflict(true);
      else setError(problem);
    } finally {
      setSaving(false);
    }
  };
  const theirs = async (use: (items: CalendarEntry[]) => unknown) => {
    try {
      await use(await readCalendars());
    } catch (problem) {
      setError(problem);
    }
  };
  const remove = async () => {
    if (!window.confirm(t("hours.removeSure", { name: calendar.name }))) return;
    setError(null);
    try {
      await removeCalendar(calendar.id);
      setDraft(null);
      await client.invalidateQueries({ queryKey: calendarsQuery.queryKey });
      onGone();
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <Card withBorder>
      <Stack>
        <Group justify="space-between">
          <Group gap="xs">
            <Title order={3} size="h5">
              {calendar.name}
            </Title>
            <NowBadge now={calendar.now} />
            <Text size="sm" c="dimmed">
              {next(calendar.now, calendar.timezone)}
            </Text>
          </Group>
          {!calendar.emergency && <EmergencySwitch calendar={calendar} />}
        </Group>
        <EmergencyNotice calendar={calendar} />
        {conflict && (
          <Conflict
            onTheirs={() => void theirs(settle)}
            onMine={() =>
              void theirs((items) => {
                const there = items.find(({ id }) => id === calendar.id);
                return there ? save(there.version) : settle(items);
              })
            }
          />
        )}
        {error !== null && <Failure error={error} />}
        <UsedBy calendar={calendar} />
        <Group align="flex-end" grow>
          <TextInput
            label={t("hours.name")}
            value={name}
            readOnly={readOnly}
            maxLength={120}
            error={name.trim() === "" ? t("hours.nameMissing") : undefined}
            onChange={({ currentTarget }) => change({ name: currentTarget.value })}
          />
          <Select
            label={t("hours.zone")}
            searchable
            allowDeselect={false}
            readOnly={readOnly}
            limit={80}
            data={[...new Set([hours.timezone, "UTC", ...Intl.supportedValuesOf("timeZone")])]}
            value={hours.timezone}
            onChange={(zone) => zone && change({ hours: { ...hours, timezone: zone } })}
          />
        </Group>
        <Stack gap="xs">
          <Title order={4} size="h6">
            {t("hours.week")}
          </Title>
          {!readOnly && (
            <Text size="sm" c="dimmed">
              {t("hours.weekHint")}
            </Text>
          )}
          <WeekGrid
            week={week}
            readOnly={readOnly}
            onChange={(changed) => change({ hours: { ...hours, week: rowsOf(changed) } })}
          />
        </Stack>
        <SpecialDays
          hours={hours}
          readOnly={readOnly}
          onChange={(changed) => change({ hours: changed })}
        />
        <DaysAhead hours={hours} />
        {!readOnly && (
          <Group justify="space-between">
            <Button
              variant="subtle"
              color="red"
              leftSection={<IconTrash size={16} />}
              disabled={calendar.used_by.length > 0}
              onClick={() => void remove()}
            >
              {t("hours.remove")}
            </Button>
            <Group>
              {draft !== null && (
                <>
                  <Text size="sm" c="dimmed">
                    {t("rules.notSaved")}
                  </Text>
                  <Button variant="default" onClick={() => setDraft(null)}>
                    {t("rules.discard")}
                  </Button>
                </>
              )}
              <Button
                disabled={draft === null || name.trim() === ""}
                loading={saving}
                onClick={() => void save(base)}
              >
                {t("action.save")}
              </Button>
            </Group>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function UsedBy({ calendar }: { calendar: CalendarEntry }) {
  const { t } = useTranslation();
  if (calendar.used_by.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("hours.notUsed", { id: calendar.id })}
      </Text>
    );
  }
  return (
    <Text size="sm" c="dimmed">
      {t("hours.usedBy")}{" "}
      {calendar.used_by.map((use, place) => (
        <span key={`${use.what}-${use.id}`}>
          {place > 0 && ", "}
          <Anchor size="sm" href={use.what === "route" ? "/routes" : `/flows/${use.id}`}>
            {use.title}
          </Anchor>
        </span>
      ))}
    </Text>
  );
}
