// Reports: which one on the left, what is asked on top, then figures, plot, tables. The address holds all
// of it, so that reload, back and a sent link show the same.
import { Alert, Button, Card, Group, NavLink, Progress, Stack, Text, Title } from "@mantine/core";
import { IconPrinter, IconTableExport } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import type { ReportsSearch } from "@/state/addresses";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { clockTime } from "@/state/format";
import {
  type Asked,
  type Catalogue,
  type Figure,
  fileAddress,
  type ReportJob,
} from "@/wire/reports";
import { askedFrom } from "./asked";
import { Cards } from "./cards";
import { Filters } from "./filters";
import { Heat } from "./heat";
import { useKeptPlace } from "./kept_place";
import { Plot } from "./plot";
import { ReportTableView } from "./report_table";
import { Schedules } from "./schedules";
import { sortText } from "./sorting";
import { type Shown, useCatalogue, useReport } from "./use_report";
import { SavedViews } from "./views";
import "./reports.css";

/** The same in every language. */
const FORMS = { xlsx: "XLSX", csv: "CSV" };

/** Which figures are drawn over time, by report. */
const PLOTTED: Record<string, string[][]> = {
  queues: [["offered", "answered", "abandoned"], ["sl_offered", "abandon_rate"], ["asa"]],
  "service-level": [["sl_offered", "sl_answered", "sl_late_abandons", "sl_without_short"]],
  abandons: [["abandoned", "abandoned_short"], ["abandon_rate"]],
  agents: [["handled", "missed"], ["aht"], ["occupancy", "utilisation"]],
  callers: [["calls", "calls_answered", "calls_abandoned"]],
  trunks: [
    ["most_at_once", "erlangs", "lines"],
    ["trunk_in", "trunk_out", "trunk_failed"],
    ["asr"],
  ],
  staffing: [["calls_expected"], ["agents_needed", "agents_planned"]],
};

export function ReportsPage() {
  const catalogue = useCatalogue();
  if (catalogue.isError) {
    return <Failure error={catalogue.error} retry={() => void catalogue.refetch()} />;
  }
  if (catalogue.data === undefined) return <Rows count={8} />;
  return <Reports catalogue={catalogue.data} />;
}

function Reports({ catalogue }: { catalogue: Catalogue }) {
  const { t } = useTranslation();
  const search: ReportsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const name = catalogue.reports.find((one) => one === search.report) ?? "queues";
  const asked = askedFrom(name, search, catalogue.zone, serverNow() * 1000);
  const shown = useReport(name, asked, true);
  const go = (changes: ReportsSearch, replace = false) =>
    void navigate({ to: "/reports", search: { ...search, ...changes }, replace });
  useKeptPlace(shown.report !== undefined);
  return (
    <div className="cc-reports">
      <nav aria-label={t("report.list")} className="cc-no-print">
        <Title order={2} size="h4" mb="sm">
          {t("page.reports")}
        </Title>
        {catalogue.reports.map((one) => (
          <NavLink
            key={one}
            component="button"
            active={one === name}
            label={t(`reportName.${one}` as "reportName.queues")}
            aria-current={one === name ? "page" : undefined}
            onClick={() => go({ report: one })}
          />
        ))}
      </nav>
      <Stack gap="md" miw={0}>
        <Head name={name} asked={asked} shown={shown} onChange={go} />
        <div className="cc-no-print">
          <Filters report={name} asked={asked} catalogue={catalogue} onChange={go} />
        </div>
        <Body
          name={name}
          asked={asked}
          shown={shown}
          catalogue={catalogue}
          search={search}
          onLook={(changes) => go(changes, true)}
        />
      </Stack>
    </div>
  );
}

function Head({
  name,
  asked,
  shown,
  onChange,
}: {
  name: string;
  asked: Asked;
  shown: Shown;
  onChange: (changes: ReportsSearch) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const until = shown.report?.fed_until;
  return (
    <Group justify="space-between" align="start">
      <div>
        <Title order={3} size="h4">
          {t(`reportName.${name}` as "reportName.queues")}
        </Title>
        <Text size="sm" c="dimmed" className="cc-figures">
          {asked.first} – {asked.last} · {asked.zone}
          {until &&
            ` · ${t("report.upToNow", { time: clockTime(Date.parse(until) / 1000, language) })}`}
        </Text>
      </div>
      <Group gap="xs" className="cc-no-print">
        <SavedViews report={name} asked={asked} onOpen={onChange} />
        <Schedules report={name} asked={asked} />
        <Button
          component="a"
          href={fileAddress(name, asked, "xlsx", language)}
          variant="default"
          leftSection={<IconTableExport size={16} />}
        >
          {FORMS.xlsx}
        </Button>
        <Button component="a" href={fileAddress(name, asked, "csv", language)} variant="default">
          {FORMS.csv}
        </Button>
        <Button
          variant="default"
          leftSection={<IconPrinter size={16} />}
          onClick={() => window.print()}
        >
          {t("report.print")}
        </Button>
      </Group>
    </Group>
  );
}

function Body({
  name,
  asked,
  shown,
  catalogue,
  search,
  onLook,
}: {
  name: string;
  asked: Asked;
  shown: Shown;
  catalogue: Catalogue;
  search: ReportsSearch;
  /** How the same is looked at: no step of its own for the back button. */
  onLook: (changes: ReportsSearch) => void;
}) {
  const figures = useMemo(
    () => new Map<string, Figure>(catalogue.figures.map((figure) => [figure.name, figure])),
    [catalogue],
  );
  const { report, job } = shown;
  if (shown.error) return <Failure error={shown.error} retry={shown.again} />;
  if (report === undefined && job !== null) return <InBackground job={job} shown={shown} />;
  if (report === undefined) return <Rows count={6} height={70} />;
  const intervals = report.tables.find((table) => table.name === "intervals");
  return (
    <>
      <Cards report={report} asked={asked} figures={figures} />
      {intervals !== undefined &&
        intervals.rows.length > 1 &&
        (PLOTTED[name] ?? []).map((names) => (
          <Card withBorder key={names.join()} padding="sm">
            <Plot report={report} table={intervals} asked={asked} names={names} figures={figures} />
          </Card>
        ))}
      {report.tables.map((table) =>
        table.name === "hours" ? (
          <Card withBorder key={table.name}>
            <Heat
              report={report}
              table={table}
              asked={asked}
              figures={figures}
              shown={search.shown}
              onShow={(figure) => onLook({ shown: figure })}
            />
          </Card>
        ) : null,
      )}
      {report.tables.map((table) => (
        <ReportTableView
          key={table.name}
          report={report}
          table={table}
          asked={asked}
          figures={figures}
          sorted={search.sort}
          onSort={(sort) => onLook({ sort: sortText(sort) })}
        />
      ))}
    </>
  );
}

function InBackground({ job, shown }: { job: ReportJob; shown: Shown }) {
  const { t } = useTranslation();
  if (job.state === "cancelled" || job.state === "failed") {
    return (
      <Alert color="yellow" title={t(`reportJob.${job.state}`)}>
        <Button variant="default" onClick={shown.again}>
          {t("action.retry")}
        </Button>
      </Alert>
    );
  }
  return (
    <Alert title={t("reportJob.running")} role="status">
      <Progress value={job.progress * 100} animated aria-label={t("reportJob.running")} mb="sm" />
      <Button variant="default" onClick={shown.cancel}>
        {t("action.cancel")}
      </Button>
    </Alert>
  );
}
