// What is wrong and what to do, as one sentence in the language of the console.
import type { Mistake } from "./editor";

type Said = Pick<Mistake, "message" | "cure" | "message_zh" | "cure_zh">;

export function sentence(mistake: Said, language: string): string {
  const [message, cure, between] =
    language === "zh"
      ? [mistake.message_zh, mistake.cure_zh, "；"]
      : [mistake.message, mistake.cure, "; "];
  return cure ? `${message}${between}${cure}` : message;
}
