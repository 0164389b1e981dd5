// The choices of an own field as lines of text: code, name, Chinese name.

interface Choice {
  code: string;
  name: string;
  name_zh: string;
}

export function choicesText(choices: readonly Choice[]): string {
  return choices.map(({ code, name, name_zh }) => [code, name, name_zh].join(", ")).join("\n");
}

export function choicesFrom(text: string): Choice[] {
  return text
    .split("\n")
    .map((line) => line.split(/[,，]/).map((part) => part.trim()))
    .filter(([code]) => code !== "")
    .map(([code = "", name = "", name_zh = ""]) => ({ code, name: name || code, name_zh }));
}
