// The shift plan of a week: agents down, days across. A click on a day writes it; every change can be
// taken back. Below it what is needed against what is planned, on one of the days.
import { Button, Card, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import {
  IconCalendarWeek,
  IconChevronLeft,
  IconChevronRight,
  IconCopy,
  IconDownload,
  IconHistory,
  IconUpload,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import type { StaffingSearch } from "@/state/addresses";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { readShifts, type Shifts, shiftsFile } from "@/wire/shifts";
import { PlanChanges } from "./plan_changes";
import { PlanCopy } from "./plan_copy";
import { PlanCover } from "./plan_cover";
import { type Chosen, PlanDay } from "./plan_day";
import { PlanGrid } from "./plan_grid";
import { PlanImport } from "./plan_import";
import { dayAfter, dayAt, dayText, isDay, mondayOf, WEEK_DAYS, weekOf } from "./plan_values";

type Open = "copy" | "import" | "changes" | null;

export function PlanTab() {
  const search: StaffingSearch = useSearch({ strict: false });
  const today = dayAt(serverNow());
  const monday = mondayOf(isDay(search.week) ? search.week : today);
  const last = dayAfter(monday, WEEK_DAYS - 1);
  const query = useQuery({
    queryKey: ["shifts", monday],
    queryFn: () => readShifts(monday, last),
    placeholderData: (before) => before,
  });
  return (
    <Stack gap="md">
      <Week monday={monday} today={today} plan={query.data} />
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={8} />}
      {query.data && <Plan key={monday} monday={monday} plan={query.data} team={search.team} />}
    </Stack>
  );
}

function Week({
  monday,
  today,
  plan,
}: {
  monday: string;
  today: string;
  plan: Shifts | undefined;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const search: StaffingSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const go = (changes: Partial<StaffingSearch>) =>
    void navigate({ to: "/staffing", search: { ...search, tab: "plan", ...changes } });
  const teams = [...new Set((plan?.agents ?? []).map(({ team }) => team))].filter(Boolean).sort();
  const agents = (plan?.agents ?? [])
    .filter(({ team }) => search.team === undefined || team === search.team)
    .map(({ id }) => id);
  return (
    <Group align="end" gap="sm" justify="space-between">
      <Group align="end" gap="xs">
        <Button.Group>
          <Button
            variant="default"
            px="xs"
            aria-label={t("plan.before")}
            onClick={() => go({ week: dayAfter(monday, -WEEK_DAYS) })}
          >
            <IconChevronLeft size={18} />
          </Button>
          <Button variant="default" onClick={() => go({ week: undefined })}>
            {t("plan.thisWeek")}
          </Button>
          <Button
            variant="default"
            px="xs"
            aria-label={t("plan.after")}
            onClick={() => go({ week: dayAfter(monday, WEEK_DAYS) })}
          >
            <IconChevronRight size={18} />
          </Button>
        </Button.Group>
        <TextInput
          type="date"
          label={t("plan.week")}
          value={monday}
          onChange={({ currentTarget: { value } }) => isDay(value) && go({ week: value })}
        />
        {teams.length > 1 && (
          <Select
            label={t("plan.team")}
            clearable
            placeholder={t("plan.allTeams")}
            data={teams}
            value={search.team ?? null}
            onChange={(team) => go({ team: team ?? undefined })}
          />
        )}
        <Text size="sm" c="dimmed" pb={8} className="cc-figures">
          {`${dayText(monday, language)} – ${dayText(dayAfter(monday, WEEK_DAYS - 1), language)}`}
          {plan && ` · ${plan.zone}`}
        </Text>
      </Group>
      <Group gap="xs">
        <Button
          variant="default"
          leftSection={<IconCopy size={16} />}
          onClick={() => setOpen("copy")}
        >
          {t("plan.copy")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconUpload size={16} />}
          onClick={() => setOpen("import")}
        >
          {t("plan.import")}
        </Button>
        <Button
          component="a"
          variant="default"
          leftSection={<IconDownload size={16} />}
          href={shiftsFile(monday, dayAfter(monday, WEEK_DAYS - 1))}
        >
          {t("plan.download")}
        </Button>
        <Button
          variant="default"
          leftSection={<IconHistory size={16} />}
          onClick={() => setOpen("changes")}
        >
          {t("plan.changes")}
        </Button>
      </Group>
      {open === "copy" && (
        <PlanCopy
          monday={monday}
          agents={search.team === undefined ? [] : agents}
          onClose={(week) => {
            setOpen(null);
            if (week !== null) go({ week });
          }}
        />
      )}
      {open === "import" && <PlanImport today={today} onClose={() => setOpen(null)} />}
      {open === "changes" && <PlanChanges onClose={() => setOpen(null)} />}
    </Group>
  );
}

function Plan({ monday, plan, team }: { monday: string; plan: Shifts; team: string | undefined }) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const agents = plan.agents.filter((one) => team === undefined || one.team === team);
  const days = weekOf(monday);
  if (agents.length === 0) {
    return (
      <Card withBorder>
        <Empty icon={IconCalendarWeek} title={t("plan.nobody")} hint={t("plan.nobodyHint")} />
      </Card>
    );
  }
  return (
    <>
      <PlanGrid agents={agents} days={days} plan={plan} onChoose={setChosen} />
      <PlanCover days={days} zone={plan.zone} />
      {chosen !== null && (
        <PlanDay
          key={`${chosen.agent.id} ${chosen.day}`}
          chosen={chosen}
          days={days}
          plan={plan}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}
