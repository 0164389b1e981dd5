// Numbers, durations, moments and telephone numbers as text, by language. Pure: time and language are
// arguments.
export type Language = "en" | "zh";

/** To choose from: each is called as those call it who speak it. */
export const LANGUAGES: { value: Language; label: string }[] = [
  { value: "en", label: "English" },
  { value: "zh", label: "中文" },
];

export const LOCALES: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };

/** `mm:ss`, from an hour on `h:mm:ss`; never negative. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${two(minutes)}:${two(whole % 60)}`;
}

const each = <Format>(make: (locale: string) => Format): Record<Language, Format> => ({
  en: make(LOCALES.en),
  zh: make(LOCALES.zh),
});
/** Made once: making one costs a hundred times what using it does. */
const PERCENT = each(
  (locale) => new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 }),
);
const COUNT = each((locale) => new Intl.NumberFormat(locale));

export function percent(value: number | null, language: Language): string {
  return value === null ? "–" : PERCENT[language].format(value / 100);
}

export function count(value: number, language: Language): string {
  return COUNT[language].format(value);
}

/** Today: the time alone; this year: day and time; else with the year. */
export function moment(at: number, now: number, language: Language): string {
  if (at <= 0) return "–";
  const date = new Date(at * 1000);
  const today = new Date(now * 1000);
  const time: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hour12: false };
  const sameDay = date.toDateString() === today.toDateString();
  const day: Intl.DateTimeFormatOptions = sameDay
    ? {}
    : date.getFullYear() === today.getFullYear()
      ? { day: "numeric", month: "short" }
      : { day: "numeric", month: "short", year: "numeric" };
  return new Intl.DateTimeFormat(LOCALES[language], { ...day, ...time }).format(date);
}

/** Hours, minutes and seconds, for a line of a timeline. */
export function clockTime(at: number, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hour12: false,
  }).format(new Date(at * 1000));
}

const CHINA = /^\+86(1\d{2})(\d{4})(\d{4})$/;
const BRITISH_MOBILE = /^\+44(7\d{3})(\d{6})$/;
const AMERICA = /^\+1(\d{3})(\d{3})(\d{4})$/;

/** E.164 in groups for the eye; what is not E.164 is shown as it came. */
export function phone(number: string): string {
  const china = CHINA.exec(number);
  if (china) return `+86 ${china[1]} ${china[2]} ${china[3]}`;
  const british = BRITISH_MOBILE.exec(number);
  if (british) return `+44 ${british[1]} ${british[2]}`;
  const america = AMERICA.exec(number);
  if (america) return `+1 (${america[1]}) ${america[2]}-${america[3]}`;
  if (!/^\+\d{8,15}$/.test(number)) return number;
  const digits = number.slice(1);
  const groups = [digits.slice(0, 2)];
  for (let at = 2; at < digits.length; at += 3) groups.push(digits.slice(at, at + 3));
  const last = groups.at(-1);
  if (last !== undefined && last.length === 1 && groups.length > 2) {
    groups.splice(-2, 2, `${groups.at(-2)}${last}`);
  }
  return `+${groups.join(" ")}`;
}

/** Two letters for a round picture: first letters of two names, or one Chinese character. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = words[0]?.[0] ?? "";
  if (first === "") return "?";
  if (/\p{Script=Han}/u.test(first)) return first;
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? "") : "";
  return (first + last).toUpperCase();
}
