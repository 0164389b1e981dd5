// Every link the service depends on, with what is wrong and what to do.
import { Alert, Badge, Card, Group, Stack, Table, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCircleCheck, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { useConsole } from "@/state/console";
import { moment } from "@/state/format";
import { type HealthRead, readHealth } from "@/wire/rest";

const REFRESH_MS = 5_000;

export function HealthPage() {
  const { t, i18n } = useTranslation();
  const query = useQuery({
    queryKey: ["health"],
    queryFn: readHealth,
    refetchInterval: REFRESH_MS,
  });
  // What is wrong is said in the server's own words: they hold what Asterisk or the system said.
  const says = ({ name, ok, text, values }: HealthRead["checks"][number]) =>
    ok && i18n.exists(`checkSays.${name}`)
      ? t(`checkSays.${name}` as "checkSays.disk", values as { megabytes: number; folder: string })
      : text;
  return (
    <Stack maw={820}>
      <Group justify="space-between">
        <Title order={2} size="h4">
          {t("page.health")}
        </Title>
        {query.data && (
          <Badge size="lg" className="cc-badge" color={query.data.ready ? "green" : "red"}>
            {query.data.ready ? t("health.ready") : t("health.notReady")}
          </Badge>
        )}
      </Group>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={4} height={64} />}
      {query.data?.checks.map((check) => {
        const key = `check.${check.name}`;
        return (
          <Card key={check.name} withBorder>
            <Group wrap="nowrap" align="flex-start">
              <ThemeIcon variant="light" color={check.ok ? "green" : "red"} radius="xl" size={36}>
                {check.ok ? <IconCircleCheck size={20} /> : <IconCircleX size={20} />}
              </ThemeIcon>
              <div>
                <Text fw={600}>{i18n.exists(key) ? t(key as "check.database") : check.name}</Text>
                <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                  {says(check)}
                </Text>
                {check.todo && (
                  <Text size="sm" c="dimmed">
                    {t("health.todo")}{" "}
                    {i18n.exists(`checkTodo.${check.name}`)
                      ? t(`checkTodo.${check.name}` as "checkTodo.database")
                      : check.todo}
                  </Text>
                )}
              </div>
            </Group>
          </Card>
        );
      })}
      {query.data && <Figures figures={query.data.figures} />}
      <Alarms />
    </Stack>
  );
}

// In the order in which one asks: who is there, how quick, which lines, what waits.
const FIGURES = [
  "calls",
  "waiting",
  "oldest_wait_seconds",
  "agents_available",
  "offer_p50_ms",
  "offer_p99_ms",
  "slowest_step_ms",
  "loop_lag_ms",
  "inbox",
  "manager_events_ms",
  "manager_control_ms",
  "manager_losses",
  "manager_pending",
  "outbox_depth",
  "outbox_megabytes",
  "records_written",
  "consoles",
] as const;

function Figures({ figures }: { figures: Record<string, number> }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const known = FIGURES.filter((name) => figures[name] !== undefined);
  if (known.length === 0) return null;
  const digits = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <>
      <Title order={3} size="h5">
        {t("health.figures")}
      </Title>
      <Card withBorder p="xs">
        <Table aria-label={t("health.figures")} verticalSpacing={4}>
          <Table.Tbody>
            {known.map((name) => (
              <Table.Tr key={name}>
                <Table.Th fw={400}>{t(`vital.${name}`)}</Table.Th>
                <Table.Td ta="right" style={{ fontVariantNumeric: "tabular-nums" }}>
                  {digits.format(figures[name] ?? 0)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Card>
    </>
  );
}

function Alarms() {
  const { t } = useTranslation();
  const language = useLanguage();
  const alarms = useConsole((state) => state.alarms);
  return (
    <>
      <Title order={3} size="h5">
        {t("alarm.title")}
      </Title>
      {alarms.length === 0 && (
        <Text c="dimmed" size="sm">
          {t("alarm.none")}
        </Text>
      )}
      {alarms.map((alarm) => (
        <Alert
          key={`${alarm.code}-${alarm.at}`}
          color="orange"
          icon={<IconInfoCircle />}
          title={alarm.code}
        >
          <Text size="sm">{alarm.text}</Text>
          <Text size="xs" c="dimmed">
            {moment(alarm.at, serverNow(), language)}
          </Text>
        </Alert>
      ))}
    </>
  );
}
