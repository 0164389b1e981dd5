// Names of forms, sections and questions in the language on the screen, and the forms in use.
import { useQuery } from "@tanstack/react-query";
import type { Language } from "@/state/format";
import { useSession } from "@/state/session";
import { type EvaluationForm, type FormQuestion, listForms } from "@/wire/quality";

export const nameIn = (one: { name: string; name_zh: string }, language: Language) =>
  (language === "zh" ? one.name_zh : "") || one.name;
export const questionIn = (one: FormQuestion, language: Language) =>
  (language === "zh" ? one.text_zh : "") || one.text;

export function useForms() {
  const { role } = useSession();
  return useQuery({
    queryKey: ["quality", "forms"],
    queryFn: listForms,
    enabled: role !== "agent",
  });
}

/** Those that fit a queue. */
export const fitting = (forms: readonly EvaluationForm[], queue: string | null) =>
  forms.filter(({ queues }) => queues.length === 0 || queues.includes(queue ?? ""));

export const scoreText = (score: number | null) => (score === null ? "–" : String(score));
