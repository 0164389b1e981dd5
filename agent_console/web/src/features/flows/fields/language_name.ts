// What a language of a flow is called in the language on the screen.
import { useLanguage } from "@/state/choices";

export function useLanguageName(): (code: string) => string {
  const language = useLanguage();
  return (code) => {
    try {
      const names = new Intl.DisplayNames(language, { type: "language" });
      return names.of(code.replace("_", "-")) ?? code;
    } catch {
      return code;
    }
  };
}
