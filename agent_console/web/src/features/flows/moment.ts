// A moment the server wrote (ISO 8601), as people read it.
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";

export function useMoment(): (iso: string | null) => string {
  const language = useLanguage();
  return (iso) => {
    const at = iso === null ? Number.NaN : new Date(iso).getTime() / 1000;
    return Number.isNaN(at) ? "–" : moment(at, serverNow(), language);
  };
}
