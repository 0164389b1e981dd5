// An alert's rule as a sentence, and what a figure may be of.
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useQueueNames } from "@/state/choices";
import { type AlertRule, listTeams } from "@/wire/floor";

export const METRICS = [
  "waiting",
  "longest_wait",
  "service_level",
  "abandoned",
  "abandon_rate",
  "available",
  "talking",
  "paused",
  "unreachable",
  "over_limit",
  "callbacks_scheduled",
  "callbacks_due",
] as const;
export type Metric = (typeof METRICS)[number];

export const useTeams = () => useQuery({ queryKey: ["news", "teams"], queryFn: listTeams });

type Said = Pick<AlertRule, "metric" | "operator" | "value" | "scope" | "subject"> & {
  seconds?: number;
};

export function useRuleText(): (
  rule: Omit<Said, "metric" | "operator" | "scope"> & {
    metric: string;
    operator: string;
    scope: string;
  },
) => string {
  const { t } = useTranslation();
  const queues = useQueueNames();
  const teams = useTeams();
  return ({ metric, operator, value, scope, subject, seconds }) => {
    const what = t(`metric.${metric as Metric}`);
    const sign = operator === "over" ? ">" : "<";
    const where =
      scope === "queue"
        ? (queues[subject] ?? subject)
        : scope === "team"
          ? (teams.data?.find((team) => team.id === subject)?.name ?? subject)
          : t("alert.house");
    const long = seconds ? ` · ${t("alert.forSeconds", { seconds })}` : "";
    return `${what} ${sign} ${value} · ${where}${long}`;
  };
}
