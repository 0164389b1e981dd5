// What a route asks of a call, in a few words.
import type { TFunction } from "i18next";
import type { Language } from "@/state/format";
import type { RouteItem } from "@/wire/rules";

export interface Names {
  calendars: Record<string, string>;
  lists: Record<string, string>;
}

export function regionName(code: string, language: Language): string {
  try {
    return (
      new Intl.DisplayNames(language === "zh" ? "zh-CN" : "en", { type: "region" }).of(code) ?? code
    );
  } catch {
    return code;
  }
}

export function conditionsOf(
  route: RouteItem,
  names: Names,
  language: Language,
  t: TFunction,
): string[] {
  const out: string[] = [];
  const list = (items: string[]) => items.join(language === "zh" ? "、" : ", ");
  if (route.did !== "*") out.push(t("rules.toNumber", { number: route.did }));
  if (route.callers.length > 0) {
    const callers = route.callers.map((one) => (one === "withheld" ? t("rules.withheld") : one));
    out.push(t("rules.fromNumber", { numbers: list(callers) }));
  }
  if (route.regions.length > 0) {
    out.push(
      t("rules.fromRegion", {
        regions: list(route.regions.map((one) => regionName(one, language))),
      }),
    );
  }
  if (route.lists.length > 0) {
    out.push(t("rules.onList", { lists: list(route.lists.map((one) => names.lists[one] ?? one)) }));
  }
  if (route.calendar !== "") {
    const calendar = names.calendars[route.calendar] ?? route.calendar;
    out.push(t(route.while_ === "open" ? "rules.whileOpen" : "rules.whileClosed", { calendar }));
  }
  if (route.percent < 100) out.push(t("rules.share", { percent: route.percent }));
  return out.length > 0 ? out : [t("rules.everyCall")];
}
