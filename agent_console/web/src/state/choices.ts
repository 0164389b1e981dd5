// What agents can choose from (pause reasons, dispositions), fetched once and named in the language on
// the screen. Codes the system gives itself are named by the translation files.
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { AgentRow, QueueRow } from "@/wire/messages";
import { type Choices, readChoices } from "@/wire/rest";
import { useConsole } from "./console";
import type { Language } from "./format";
import type { Live } from "./live";
import { steady } from "./steady";

export const choicesQuery = queryOptions({
  queryKey: ["choices"],
  queryFn: readChoices,
  staleTime: 60_000,
});

const NO_CHOICES: Choices = {
  pause_reasons: [],
  dispositions: [],
  queues: [],
  agent_names: {},
  queue_names: {},
  version: 0,
};

export function useChoices(): Choices {
  return useQuery(choicesQuery).data ?? NO_CHOICES;
}

export function useLanguage(): Language {
  return useTranslation().i18n.language === "zh" ? "zh" : "en";
}

const namesOf = (rows: Readonly<Record<string, AgentRow | QueueRow>>): Record<string, string> =>
  Object.fromEntries(Object.entries(rows).map(([id, { name }]) => [id, name]));
const agentNames = steady<Live["agents"], Record<string, string>>(namesOf);
const queueNames = steady<Live["queues"], Record<string, string>>(namesOf);

/** Names of the queues that are live, by id. Who only shows names is not drawn anew with every figure. */
export const useQueueNames = () => useConsole((state) => queueNames(state.live.queues));
export const useAgentNames = () => useConsole((state) => agentNames(state.live.agents));

/** Names for ids in past interactions: from what is live, else from what can be chosen. */
export function useQueueName(): (id: string) => string {
  const { queue_names } = useChoices();
  const live = useQueueNames();
  return (id) => live[id] ?? queue_names[id] ?? id;
}

export function useAgentName(): (id: string) => string {
  const { agent_names } = useChoices();
  const live = useAgentNames();
  return (id) => live[id] ?? agent_names[id] ?? id;
}

interface Named {
  code: string;
  name: string;
  name_zh: string;
}

export function nameOf(choice: Named, language: Language): string {
  return (language === "zh" ? choice.name_zh : "") || choice.name || choice.code;
}

export function usePauseName(): (code: string) => string {
  const { pause_reasons } = useChoices();
  const { t } = useTranslation();
  const language = useLanguage();
  return (code) => {
    if (code === "rona") return t("pause.rona");
    if (code === "") return t("state.paused");
    const found = pause_reasons.find((reason) => reason.code === code);
    return found === undefined ? code : nameOf(found, language);
  };
}

export function useDispositionName(): (code: string) => string {
  const { dispositions } = useChoices();
  const language = useLanguage();
  return (code) => {
    const found = dispositions.find((one) => one.code === code);
    return found === undefined ? code : nameOf(found, language);
  };
}
