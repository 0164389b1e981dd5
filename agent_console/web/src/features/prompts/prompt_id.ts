// What a prompt's id may be, and which id and language a file's name speaks of.
const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export const isPromptId = (text: string) => ID.test(text);

/** `welcome.zh.mp3`, `welcome-en.wav`, `Main menu.wav` -> id and, where it is one of these, language. */
export function fromFileName(
  name: string,
  languages: string[],
): { id: string; language: string | null } {
  const stem = name.replace(/\.[^.]*$/, "");
  const [, front, tail] = /^(.*)[._\- ]([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)?)$/.exec(stem) ?? [];
  const language = languages.find((one) => one.toLowerCase() === tail?.toLowerCase()) ?? null;
  const id = (language === null ? stem : (front ?? ""))
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9_.-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+|-+$/g, "")
    .slice(0, 64);
  return { id, language };
}
