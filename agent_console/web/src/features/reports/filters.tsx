// What is asked for: days, queues, agents, intervals, comparison, time zone. All of it stands in the
// page's address.
import { Button, Group, MultiSelect, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ReportsSearch } from "@/state/addresses";
import { useChoices } from "@/state/choices";
import type { Asked, Catalogue } from "@/wire/reports";
import { COMPARES, dayIn, daysBefore, INTERVALS, narrows } from "./asked";

const NARROWING = ["queues", "agents"] as const;
const ZONES = Intl.supportedValuesOf("timeZone");

export function Filters({
  report,
  asked,
  catalogue,
  onChange,
}: {
  report: string;
  asked: Asked;
  catalogue: Catalogue;
  onChange: (changes: ReportsSearch) => void;
}) {
  const { t } = useTranslation();
  const { queue_names, agent_names } = useChoices();
  const options = (names: Record<string, string>) =>
    Object.entries(names).map(([value, label]) => ({ value, label }));
  const today = dayIn(asked.zone, Date.now());
  const days = (first: string, last: string) => onChange({ first, last, interval: undefined });
  const zones = ZONES.includes(catalogue.zone) ? ZONES : [catalogue.zone, ...ZONES];
  return (
    <Group align="end" gap="sm" className="cc-report-filters">
      <TextInput
        type="date"
        label={t("report.first")}
        value={asked.first}
        max={asked.last}
        onChange={({ currentTarget: { value } }) => value && days(value, asked.last)}
      />
      <TextInput
        type="date"
        label={t("report.last")}
        value={asked.last}
        min={asked.first}
        onChange={({ currentTarget: { value } }) => value && days(asked.first, value)}
      />
      <Button.Group>
        <Button variant="default" onClick={() => days(today, today)}>
          {t("report.today")}
        </Button>
        <Button variant="default" onClick={() => days(daysBefore(today, 1), daysBefore(today, 1))}>
          {t("report.yesterday")}
        </Button>
        <Button variant="default" onClick={() => days(daysBefore(today, 6), today)}>
          {t("report.week")}
        </Button>
        <Button variant="default" onClick={() => days(daysBefore(today, 29), today)}>
          {t("report.month")}
        </Button>
      </Button.Group>
      <Select
        label={t("report.interval")}
        w={130}
        data={INTERVALS.map((value) => ({
          value,
          label: t(`reportInterval.${value}` as "reportInterval.day"),
        }))}
        value={asked.interval}
        allowDeselect={false}
        onChange={(value) => onChange({ interval: value ?? undefined })}
      />
      {NARROWING.filter((what) => narrows(what, report)).map((what) => (
        <MultiSelect
          key={what}
          label={t(`report.${what}`)}
          placeholder={asked[what].length === 0 ? t("report.all") : undefined}
          w={220}
          clearable
          searchable
          data={options(what === "queues" ? queue_names : agent_names)}
          value={asked[what]}
          onChange={(value) => onChange({ [what]: value.join(",") || undefined })}
        />
      ))}
      <Select
        label={t("report.compare")}
        w={190}
        data={COMPARES.map((value) => ({
          value,
          label: t(`reportCompare.${value || "none"}` as "reportCompare.none"),
        }))}
        value={asked.compare}
        allowDeselect={false}
        onChange={(value) => onChange({ compare: value || undefined })}
      />
      <Select
        label={t("report.zone")}
        w={190}
        searchable
        data={zones}
        value={asked.zone}
        allowDeselect={false}
        onChange={(value) =>
          onChange({ zone: value === catalogue.zone ? undefined : (value ?? undefined) })
        }
      />
    </Group>
  );
}
