// Open at that moment? And the next 30 days, of the calendar as it stands on the page, saved or not.
import { Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { type HoursBody, previewHours } from "@/wire/rules";
import { dayName, NowBadge, useNextChange } from "./hours_words";

const DAYS_AHEAD = 30;

/** What the clocks at `zone` show then, as a moment for the service. */
export function momentThere(local: string, zone: string): string | null {
  if (local === "") return null;
  const asUtc = new Date(`${local}:00Z`);
  const shift = (at: Date) => {
    const parts = new Intl.DateTimeFormat("en-CA", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
    }).formatToParts(at);
    const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "00";
    return (
      Date.parse(
        `${of("year")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}:${of("second")}Z`,
      ) - at.getTime()
    );
  };
  const first = new Date(asUtc.getTime() - shift(asUtc));
  return new Date(asUtc.getTime() - shift(first)).toISOString();
}

export function DaysAhead({ hours }: { hours: HoursBody }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const next = useNextChange();
  const [local, setLocal] = useState("");
  const at = momentThere(local, hours.timezone);
  const ahead = useQuery({
    queryKey: ["rules", "preview", hours, at],
    queryFn: () => previewHours(hours, at, DAYS_AHEAD),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <Stack gap="xs">
      <Title order={4} size="h6">
        {t("hours.ahead")}
      </Title>
      <Group align="flex-end">
        <TextInput
          type="datetime-local"
          label={t("hours.openAt", { zone: hours.timezone })}
          value={local}
          onChange={({ currentTarget }) => setLocal(currentTarget.value)}
        />
        {ahead.data && !ahead.isError && (
          <Group gap="xs" role="status" mb={6}>
            <NowBadge now={ahead.data.now} />
            <Text size="sm" c="dimmed">
              {ahead.data.now.local_time} {next(ahead.data.now, hours.timezone)}
            </Text>
          </Group>
        )}
      </Group>
      {ahead.isError && <Failure error={ahead.error} retry={() => void ahead.refetch()} />}
      {ahead.isPending && <Rows count={2} />}
      {ahead.data && !ahead.isError && (
        <ul className="cc-days-ahead">
          {ahead.data.days.map((day) => (
            <li key={day.day} data-state={day.state}>
              <Text size="xs" fw={600}>
                {dayName(day.day, language)}
              </Text>
              {day.spans.map(([from, to]) => `${from}–${to}`).join(" ") ||
                day.reason ||
                t("hours.closed")}
            </li>
          ))}
        </ul>
      )}
    </Stack>
  );
}
