// Arrows point down: wire, state, components, features, app. Features do not know each other.
import { expect, it } from "vitest";
import { sourceFiles, ts } from "./source";

const ZONES = ["wire", "state", "components", "features", "app"];
const FREE = new Set(["locales"]);
const LINES_MAX = 300;

interface Import {
  from: string;
  to: string;
}

/** Imports of our own files, both sides as paths below src. */
function imports(): Import[] {
  return sourceFiles().flatMap(({ path, tree }) => {
    const folder = path.split("/").slice(0, -1);
    const found: Import[] = [];
    const add = (text: string) => {
      if (text.startsWith("@/")) found.push({ from: path, to: text.slice(2) });
      else if (text.startsWith(".")) {
        const parts = [...folder];
        for (const part of text.split("/")) {
          if (part === "..") parts.pop();
          else if (part !== ".") parts.push(part);
        }
        found.push({ from: path, to: parts.join("/") });
      }
    };
    const look = (node: ts.Node): void => {
      if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
        add(node.moduleSpecifier.text);
      }
      const first = ts.isCallExpression(node) ? node.arguments[0] : undefined;
      const dynamic =
        ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
      if (dynamic && first !== undefined && ts.isStringLiteral(first)) add(first.text);
      ts.forEachChild(node, look);
    };
    look(tree);
    return found;
  });
}

const zone = (path: string) => path.split("/")[0] ?? "";

it("finds the imports it judges", () => {
  expect(imports().length).toBeGreaterThan(150);
});

it("points every import down", () => {
  const wrong = imports().filter(
    ({ from, to }) => !FREE.has(zone(to)) && ZONES.indexOf(zone(to)) > ZONES.indexOf(zone(from)),
  );
  expect(wrong).toEqual([]);
});

it("keeps features strangers to each other", () => {
  const feature = (path: string) => path.split("/")[1];
  const wrong = imports().filter(
    ({ from, to }) =>
      zone(from) === "features" && zone(to) === "features" && feature(from) !== feature(to),
  );
  expect(wrong).toEqual([]);
});

it("keeps React out of the wire, and the SIP library behind the phones", () => {
  const wrong = sourceFiles().filter(
    ({ path, text }) =>
      (zone(path) === "wire" && /from "(react|@mantine|@tanstack|zustand)/.test(text)) ||
      (/from "jssip/.test(text) && !/^wire\/phone\/(jssip|trial)_phone\.ts$/.test(path)),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

it("keeps files short, and each says why it exists", () => {
  const files = sourceFiles();
  const long = files.filter(({ text }) => text.split("\n").length > LINES_MAX);
  const silent = files.filter(({ text }) => !text.startsWith("//"));
  expect(long.map(({ path }) => path)).toEqual([]);
  expect(silent.map(({ path }) => path)).toEqual([]);
});
