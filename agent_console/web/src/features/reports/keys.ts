// What stands in the first columns of a report: names of queues and agents, beginnings of intervals, ...
import { useTranslation } from "react-i18next";
import { useTypeName } from "@/components/crm/ticket_words";
import {
  useAgentName,
  useDispositionName,
  useLanguage,
  usePauseName,
  useQueueName,
} from "@/state/choices";
import { phone } from "@/state/format";
import type { Report } from "@/wire/reports";
import { intervalText, weekdayText } from "./values";

export function useKeyText(report: Report): (kind: string, key: string) => string {
  const { t } = useTranslation();
  const language = useLanguage();
  const queueName = useQueueName();
  const agentName = useAgentName();
  const dispositionName = useDispositionName();
  const pauseName = usePauseName();
  const typeName = useTypeName();
  return (kind, key) => {
    switch (kind) {
      case "interval":
        return intervalText(key, report.interval, report.zone, language);
      case "moment":
      case "until":
        return intervalText(key, "hour", report.zone, language);
      case "day":
        return intervalText(`${key}T00:00:00Z`, "day", "UTC", language);
      case "exception":
        return t(`planException.${key}` as "planException.late");
      case "queue":
        return queueName(key) || "–";
      case "agent":
        return agentName(key) || "–";
      case "disposition":
        return key === "" ? t("report.noDisposition") : dispositionName(key);
      case "weekday":
        return weekdayText(Number(key), language);
      case "hour":
        return `${key.padStart(2, "0")}:00`;
      case "state":
        return t(`state.${key}` as "state.paused");
      case "reason":
        return key === "" ? "" : pauseName(key);
      case "bucket":
        return key === "" ? t("report.longer") : t("report.upTo", { seconds: key });
      case "number":
        return phone(key);
      case "ticket_type":
        return typeName(key);
      case "trunk":
        return key || t("report.unknownTrunk");
      case "cause":
        return t(`reportCause.${key}` as "reportCause.busy", { defaultValue: key });
      case "ended":
        return t(`reportEnd.${key}` as "reportEnd.served", { defaultValue: key });
      default:
        return key || "–";
    }
  };
}
