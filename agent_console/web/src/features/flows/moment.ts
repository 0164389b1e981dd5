// A moment the server wrote (ISO 8601), as people read it.
import { useLanguage } from "@/state/choices";

export function useMoment(): (iso: string | null) => string {
  const language = useLanguage();
  return (iso) => {
    const date = iso === null ? null : new Date(iso);
    if (date === null || Number.isNaN(date.getTime())) return "–";
    return date.toLocaleString(language === "zh" ? "zh-CN" : "en", {
      dateStyle: "medium",
      timeStyle: "short",
    });
  };
}
