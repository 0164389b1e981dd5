// The two languages. Keys are flat and typed from the English file; a test finds keys that are missing
// in one language, unused, or text that was written into a component.
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type en from "@/locales/en.json";
import type { Language } from "./format";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
    keySeparator: false;
    nsSeparator: false;
    returnNull: false;
  }
}

const KEY = "cc-language";

/** Only the texts of the language on the screen are loaded. */
async function load(language: Language): Promise<Record<string, string>> {
  return language === "zh"
    ? (await import("@/locales/zh.json")).default
    : (await import("@/locales/en.json")).default;
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
  if (!i18next.hasResourceBundle(language, "translation")) {
    i18next.addResourceBundle(language, "translation", await load(language));
  }
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  await i18next.changeLanguage(language);
}
