// The source files as text and as syntax trees, for tests about the source itself.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const SOURCE = fileURLToPath(new URL("../src", import.meta.url));

export interface SourceFile {
  /** Relative to src, with forward slashes. */
  path: string;
  text: string;
  tree: ts.SourceFile;
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}

let read: SourceFile[] | null = null;

export function sourceFiles(): SourceFile[] {
  read ??= readAll();
  return read;
}

function readAll(): SourceFile[] {
  return walk(SOURCE)
    .filter((path) => /\.tsx?$/.test(path) && !path.includes("/generated/"))
    .map((path) => {
      const text = readFileSync(path, "utf8");
      const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
      const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
      return { path: path.slice(SOURCE.length + 1), text, tree };
    });
}

export function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

export { ts };
