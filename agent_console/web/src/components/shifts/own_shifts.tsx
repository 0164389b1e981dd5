// An agent's own plan, on the desk between calls: today's and the days to come.
import { Badge, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconCalendarWeek } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { LOCALES } from "@/state/format";
import { readOwnShifts } from "@/wire/own_shifts";

const DAYS = 14;
const SHOWN = 5;
const DAY_MS = 86_400_000;
const isoDay = (at: number) => new Date(at).toISOString().slice(0, 10);

/** `agent` is the own one; the service knows it from the session. */
export function OwnShifts({ agent }: { agent: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const now = serverNow() * 1000;
  const first = isoDay(now - DAY_MS);
  const query = useQuery({
    queryKey: ["own-shifts", agent, first],
    queryFn: () => readOwnShifts(first, isoDay(now + DAYS * DAY_MS)),
    refetchInterval: 300_000,
  });
  const days = (query.data?.days ?? []).filter(
    ({ stretches }) => Date.parse(stretches.at(-1)?.ends ?? "") > now,
  );
  const text = (day: string) =>
    new Intl.DateTimeFormat(LOCALES[language], {
      timeZone: "UTC",
      weekday: "short",
      day: "numeric",
      month: "short",
    }).format(new Date(`${day}T00:00:00Z`));
  return (
    <Card withBorder data-testid="own-shifts">
      <Title order={3} size="h5" mb="sm">
        {t("ownShift.title")}
      </Title>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={2} />}
      {query.data && days.length === 0 && (
        <Empty icon={IconCalendarWeek} title={t("ownShift.none")} hint={t("ownShift.noneHint")} />
      )}
      <Stack gap="xs">
        {days.slice(0, SHOWN).map(({ day, shifts, stretches }) => {
          const on = stretches.find(
            ({ begins, ends }) => Date.parse(begins) <= now && now < Date.parse(ends),
          );
          return (
            <Group key={day} justify="space-between" align="start" wrap="nowrap" data-day={day}>
              <Group gap="xs">
                <Text size="sm">{text(day)}</Text>
                {on && (
                  <Badge variant="light" className="cc-badge">
                    {t(on.plan === "work" ? "ownShift.now" : "ownShift.break")}
                  </Badge>
                )}
              </Group>
              <div>
                {shifts.map((shift) => (
                  <div key={shift.begins}>
                    <Text size="sm" fw={600} ta="end" className="cc-figures">
                      {`${shift.begins}–${shift.ends}`}
                    </Text>
                    {shift.breaks.length > 0 && (
                      <Text size="xs" c="dimmed" ta="end" className="cc-figures">
                        {t("ownShift.breaks", {
                          times: shift.breaks
                            .map(({ begins, ends }) => `${begins}–${ends}`)
                            .join(", "),
                        })}
                      </Text>
                    )}
                  </div>
                ))}
              </div>
            </Group>
          );
        })}
      </Stack>
      {query.data && days.length > 0 && (
        <Text size="xs" c="dimmed" mt="xs">
          {t("ownShift.clock", { zone: query.data.zone })}
        </Text>
      )}
    </Card>
  );
}
