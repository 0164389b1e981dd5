// The form of working hours: seven days, and dates as lines of text.
import { Fieldset, Stack, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { WorkHours } from "@/wire/crm";
import type { BodyProps } from "./define_bodies";
import { linesFrom, linesOf, weekFrom, weekOf } from "./hours_text";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

export function HoursBody({ value, onChange }: BodyProps<WorkHours>) {
  const { t } = useTranslation();
  const week = weekOf(value.week);
  const [holidays, setHolidays] = useState(() => linesOf(value.holidays));
  const [overrides, setOverrides] = useState(() => linesOf(value.overrides));
  return (
    <Stack gap="sm">
      <TextInput
        label={t("define.timeZone")}
        required
        value={value.timezone}
        onChange={(event) => onChange({ ...value, timezone: event.currentTarget.value })}
      />
      <Fieldset legend={t("define.week")}>
        <Stack gap={6}>
          {DAYS.map((day) => (
            <TextInput
              key={day}
              label={t(`workday.${day}`)}
              placeholder={t("define.closed")}
              value={week[day] ?? ""}
              onChange={(event) =>
                onChange({
                  ...value,
                  week: weekFrom({ ...week, [day]: event.currentTarget.value }),
                })
              }
            />
          ))}
        </Stack>
      </Fieldset>
      <Textarea
        label={t("define.holidays")}
        description={t("define.holidaysHint")}
        autosize
        minRows={2}
        maxRows={12}
        value={holidays}
        onChange={(event) => {
          setHolidays(event.currentTarget.value);
          onChange({ ...value, holidays: linesFrom(event.currentTarget.value) });
        }}
      />
      <Textarea
        label={t("define.overrides")}
        description={t("define.overridesHint")}
        autosize
        minRows={2}
        maxRows={12}
        value={overrides}
        onChange={(event) => {
          setOverrides(event.currentTarget.value);
          onChange({ ...value, overrides: linesFrom(event.currentTarget.value) });
        }}
      />
    </Stack>
  );
}
