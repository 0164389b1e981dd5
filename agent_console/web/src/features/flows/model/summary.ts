// One line about a node, as it is shown on the canvas and in lists: what it says, asks or leads to.
import type { Flow, FlowNode } from "./flow";

const TELLING = [
  "label",
  "name",
  "queue",
  "when",
  "source",
  "url",
  "box",
  "number",
  "number_from",
  "flow",
  "calendar",
  "value",
  "variable",
  "reason",
  "exit",
];

/** The words of a speech setting in one language, as far as they are known without a call. */
export function spokenWords(flow: Flow, speech: unknown, language: string): string {
  const parts = Array.isArray(speech) ? speech : [speech];
  return parts
    .map((part: unknown) => {
      if (typeof part === "string") return flow.prompts[part]?.[language] || part;
      if (typeof part !== "object" || part === null) return "";
      const { text, prompt, currency: _, ...value } = part as Record<string, unknown>;
      if (typeof prompt === "string") return flow.prompts[prompt]?.[language] || prompt;
      if (typeof text === "string") return text;
      if (typeof text === "object" && text !== null) {
        return String((text as Record<string, unknown>)[language] ?? Object.values(text)[0] ?? "");
      }
      const [expression] = Object.values(value);
      return expression === undefined ? "" : `{${String(expression)}}`;
    })
    .filter((one) => one !== "")
    .join(" ");
}

/** `wanted`: the language of who reads it; a flow without it shows its first. */
export function summary(flow: Flow, node: FlowNode, wanted: string): string {
  const { settings } = node;
  const language = flow.languages.includes(wanted) ? wanted : (flow.languages[0] ?? "en");
  for (const name of TELLING) {
    const value = settings[name];
    if (typeof value === "string" && value !== "") return value;
  }
  if (settings.prompt !== undefined) return spokenWords(flow, settings.prompt, language);
  if (settings.text !== undefined) return spokenWords(flow, { text: settings.text }, language);
  for (const name of ["assign", "cases", "shares", "week"]) {
    const rows = settings[name];
    if (typeof rows === "object" && rows !== null) return Object.keys(rows).join(", ");
  }
  return "";
}
