// Both languages are complete, nothing is left over, and no words stand in a component.
import { expect, it } from "vitest";
import { type SourceFile, sourceFiles, ts, visit } from "./source";

type Texts = Record<string, string>;
const files = import.meta.glob<Texts>("../src/locales/*.json", { import: "default", eager: true });
/** Which folders may say what stands in a part: those whose pages load it. */
const SAID_IN: Record<string, RegExp> = {
  account: /^(features\/(account|entry|admin\/sign_in)\/|components\/sign_in\/)/,
  crm: /^(features\/(customers|tickets|tasks|admin)\/|components\/(crm\/|call_forms\/|customer_form))/,
  detail: /^(components\/interaction_(detail|drawer_open|parts)|features\/history\/)/,
  entry: /^(features\/(entry|admin|account)|components\/sign_in)\//,
  flows: /^features\/flows\//,
  sound: /^(features\/(prompts|voicemail|callbacks|dial)\/|components\/(sound\/|new_callback))/,
  knowledge: /^(features\/(knowledge|admin)\/|components\/(knowledge|scripts|call_forms)\/)/,
  hearing: /^components\/hearing\//,
  recordings: /^(features|components)\/recordings\//,
  quality: /^(features|components)\/quality\//,
  office: /^features\/(admin|supervisor|health)\//,
  floor: /^(components\/floor\/|features\/(floor|wall)\/|features\/admin\/teams)/,
  connections: /^features\/connections\//,
  reports: /^(features\/((reports|staffing)\/|history\/calls_behind)|components\/behind_)/,
  shifts: /^components\/shifts\//,
  rules: /^features\/rules\//,
  outside: /^(components|features\/admin)\/outbound\//,
};
const textsOf = (language: string): [string, Texts][] =>
  Object.entries(files).flatMap(([path, texts]) => {
    const [, part, of] = /\/(?:(\w+)\.)?(en|zh)\.json$/.exec(path) ?? [];
    return of === language ? [[part ?? "", texts] satisfies [string, Texts]] : [];
  });
const english: Texts = Object.assign({}, ...textsOf("en").map(([, texts]) => texts));
const chinese: Texts = Object.assign({}, ...textsOf("zh").map(([, texts]) => texts));
const PLURAL = /_(one|other)$/;
const base = (key: string) => key.replace(PLURAL, "");
const unique = (keys: string[]) => [...new Set(keys)].sort();

/** Key texts in the source: whole ones, and the beginnings of those put together at run time. */
function keysInSource(): { whole: Set<string>; beginnings: string[] } {
  const whole = new Set<string>();
  const beginnings = new Set<string>();
  for (const { tree } of sourceFiles()) {
    visit(tree, (node) => {
      if (ts.isStringLiteralLike(node) && /^[a-zA-Z]+\.[\w.-]+$/.test(node.text))
        whole.add(node.text);
      if (ts.isTemplateExpression(node) && /^[a-zA-Z]+\.$/.test(node.head.text)) {
        beginnings.add(node.head.text);
      }
    });
  }
  return { whole, beginnings: [...beginnings] };
}

it("has the same keys in both languages", () => {
  expect(unique(Object.keys(chinese).map(base))).toEqual(unique(Object.keys(english).map(base)));
});

it("keeps a key in one part, which is the same in both languages", () => {
  const home = (language: string) =>
    Object.fromEntries(
      textsOf(language).flatMap(([part, texts]) =>
        Object.keys(texts).map((key) => [base(key), part]),
      ),
    );
  expect(home("zh")).toEqual(home("en"));
  const all = textsOf("en").flatMap(([, texts]) => Object.keys(texts));
  expect(all.length).toBe(new Set(all).size);
});

it("says what stands in a part only on pages that load it", () => {
  const partOf = new Map<string, string>();
  const partsOfGroup = new Map<string, Set<string>>();
  for (const [part, texts] of textsOf("en")) {
    for (const key of Object.keys(texts)) {
      partOf.set(base(key), part);
      const group = `${key.split(".")[0]}.`;
      partsOfGroup.set(group, (partsOfGroup.get(group) ?? new Set()).add(part));
    }
  }
  const astray: string[] = [];
  for (const { path, tree } of sourceFiles()) {
    const said = (text: string, part: string | undefined) => {
      if (part && !SAID_IN[part]?.test(path)) astray.push(`${path}: ${text}`);
    };
    visit(tree, (node) => {
      if (ts.isStringLiteralLike(node)) said(node.text, partOf.get(node.text));
      if (ts.isTemplateExpression(node)) {
        const [part, ...others] = partsOfGroup.get(node.head.text) ?? [];
        if (others.length === 0) said(node.head.text, part);
      }
    });
  }
  expect(astray).toEqual([]);
});

it("has every form of a plural", () => {
  const missing = Object.keys(english).filter(
    (key) =>
      (key.endsWith("_one") && !(`${base(key)}_other` in english)) ||
      (key.endsWith("_other") && !(`${base(key)}_one` in english)),
  );
  expect(missing).toEqual([]);
  expect(Object.keys(chinese).filter((key) => key.endsWith("_one"))).toEqual([]);
});

it("says something everywhere, with the same values in it", () => {
  const values = (text: string) =>
    unique([...text.matchAll(/{{(\w+)}}/g)].map((one) => one[1] ?? ""));
  for (const [key, text] of Object.entries(chinese)) {
    expect(text.trim(), key).not.toBe("");
    expect(values(text), key).toEqual(values(english[key] ?? ""));
  }
  const sameInBoth = Object.keys(chinese).filter(
    (key) => chinese[key] === english[key] && /[a-z]{3}/.test(english[key] ?? ""),
  );
  expect(sameInBoth).toEqual([]);
});

it("uses every key, and has every key that is used", () => {
  const { whole, beginnings } = keysInSource();
  const known = new Set(Object.keys(english).flatMap((key) => [key, base(key)]));
  const unused = unique(Object.keys(english).map(base)).filter(
    (key) => !whole.has(key) && !beginnings.some((beginning) => key.startsWith(beginning)),
  );
  expect(unused).toEqual([]);
  const groups = new Set([...known].map((key) => key.split(".")[0]));
  const missing = [...whole].filter((key) => groups.has(key.split(".")[0]) && !known.has(key));
  expect(missing).toEqual([]);
});

const WORDS = /[A-Za-z\u4e00-\u9fff]{2,}/;
const SHOWN = new Set([
  "label",
  "title",
  "placeholder",
  "aria-label",
  "description",
  "hint",
  "alt",
]);

function wordsIn({ path, tree }: SourceFile): string[] {
  const found: string[] = [];
  visit(tree, (node) => {
    if (ts.isJsxText(node) && WORDS.test(node.text)) found.push(`${path}: ${node.text.trim()}`);
    if (
      ts.isJsxAttribute(node) &&
      SHOWN.has(node.name.getText()) &&
      node.initializer !== undefined &&
      ts.isStringLiteral(node.initializer) &&
      WORDS.test(node.initializer.text)
    ) {
      found.push(`${path}: ${node.initializer.text}`);
    }
  });
  return found;
}

it("finds no words written into a component", () => {
  expect(sourceFiles().flatMap(wordsIn)).toEqual([]);
});
