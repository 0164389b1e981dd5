// The two languages. Keys are flat and typed from the English files; a test finds keys that are missing
// in one language, unused, or text that was written into a component.
//
// `en.json` and `zh.json` hold what an agent sees. Texts of pages for others stand in parts of their own
// (`office.en.json`, ...), which come with the first page that names them (`app/lazy_page`).
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type account from "@/locales/account.en.json";
import type connections from "@/locales/connections.en.json";
import type crm from "@/locales/crm.en.json";
import type detail from "@/locales/detail.en.json";
import type en from "@/locales/en.json";
import type entry from "@/locales/entry.en.json";
import type floor from "@/locales/floor.en.json";
import type flows from "@/locales/flows.en.json";
import type hearing from "@/locales/hearing.en.json";
import type knowledge from "@/locales/knowledge.en.json";
import type office from "@/locales/office.en.json";
import type outside from "@/locales/outside.en.json";
import type quality from "@/locales/quality.en.json";
import type recordings from "@/locales/recordings.en.json";
import type reports from "@/locales/reports.en.json";
import type rules from "@/locales/rules.en.json";
import type shifts from "@/locales/shifts.en.json";
import type sound from "@/locales/sound.en.json";
import type { Language } from "./format";

type Texts = typeof en &
  typeof account &
  typeof detail &
  typeof entry &
  typeof floor &
  typeof flows &
  typeof office &
  typeof crm &
  typeof rules &
  typeof reports &
  typeof sound &
  typeof knowledge &
  typeof connections &
  typeof hearing &
  typeof recordings &
  typeof quality &
  typeof shifts &
  typeof outside;
/** `detail`: calls that are over, and one with its timeline. `entry`: signing in and the first run. `account`: sessions, second factors, single sign-on. `flows`: the flow designer. `office`: supervisors and
 * administrators. `rules`: routes and business hours. `crm`: customers, tickets and tasks, also for
 * agents, but not before they can be rung. `sound`: prompts and voicemail. `outside`: calls by hand.
 * `reports`: reports, and how many agents. `floor`: teams, alerts, messages, wallboards and ghosts.
 * `knowledge`: articles, scripts, outcomes and forms; for agents not before they can be rung.
 * `hearing`: supervisors at live calls. `recordings`: recordings of talks, also in a call's detail.
 * `quality`: evaluations. `shifts`: an agent's own shifts.
 * `connections`: API keys, webhooks and what else other systems have to do with us. */
export type TextPart =
  | "account"
  | "detail"
  | "entry"
  | "floor"
  | "flows"
  | "office"
  | "reports"
  | "rules"
  | "crm"
  | "sound"
  | "knowledge"
  | "connections"
  | "outside"
  | "hearing"
  | "recordings"
  | "quality"
  | "shifts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: Texts };
    keySeparator: false;
    nsSeparator: false;
    returnNull: false;
  }
}

const KEY = "cc-language";

const files = import.meta.glob<Record<string, string>>("../locales/*.json", { import: "default" });
const parts = new Set<TextPart>();

async function read(name: string): Promise<Record<string, string>> {
  const file = files[`../locales/${name}.json`];
  if (file === undefined) throw new Error(`there are no texts ${name}`);
  return await file();
}

/** Only the texts of the language on the screen, and of pages that were opened. */
async function load(language: Language): Promise<Record<string, string>> {
  const names = [language, ...[...parts].map((part) => `${part}.${language}`)];
  return Object.assign({}, ...(await Promise.all(names.map(read))));
}

/** The texts of a page that is opened now; later changes of the language bring them, too. */
export async function needTexts(part: TextPart): Promise<void> {
  if (parts.has(part)) return;
  const { language } = i18next;
  i18next.addResources(language, "translation", await read(`${part}.${language}`));
  parts.add(part);
  if (i18next.language !== language) await chooseLanguage(i18next.language as Language);
}

export function languageFrom(stored: string | null, wishes: readonly string[]): Language {
  if (stored === "en" || stored === "zh") return stored;
  for (const wish of wishes) {
    if (wish.toLowerCase().startsWith("zh")) return "zh";
    if (wish.toLowerCase().startsWith("en")) return "en";
  }
  return "en";
}

function storedLanguage(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export async function startI18n(): Promise<void> {
  const language = languageFrom(storedLanguage(), navigator.languages ?? []);
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: await load(language) } },
    keySeparator: false,
    nsSeparator: false,
    returnNull: false,
    interpolation: { escapeValue: false },
  });
}

export async function chooseLanguage(language: Language): Promise<void> {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // The choice holds for this page only.
  }
  i18next.addResources(language, "translation", await load(language));
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  await i18next.changeLanguage(language);
}
