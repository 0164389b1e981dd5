// What an agent's browser loads before it can be rung, gzipped: the entry with all it imports, the texts,
// and the phone. Fails above the budget, so that a page grows only on purpose: see src/app/lazy_page.ts for
// pages of others. What follows while the desk stands idle (the screen for calls) is counted apart.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 290;
const IDLE_BUDGET_KB = 64;
const dist = resolve(dirname(fileURLToPath(import.meta.url)), "../dist");
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, "utf8"));

/** Files of these entries with all they import at once, without those in `there`. */
function filesOf(keys, there = new Set()) {
  const files = new Set();
  const take = (key) => {
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`${key} is not in the manifest`);
    if (files.has(chunk.file) || there.has(chunk.file)) return;
    files.add(chunk.file);
    for (const imported of chunk.imports ?? []) take(imported);
  };
  keys.forEach(take);
  return files;
}

function weigh(files, budget, what) {
  let total = 0;
  for (const file of files) {
    const size = gzipSync(readFileSync(`${dist}/${file}`)).length / 1000;
    total += size;
    if (process.argv.includes("--files")) console.log(`${size.toFixed(1).padStart(8)} kB  ${file}`);
  }
  console.log(`${total.toFixed(1).padStart(8)} kB  of ${budget} kB JavaScript ${what}, gzipped`);
  return total <= budget;
}

const first = filesOf(["index.html", "src/wire/phone/jssip_phone.ts", "src/locales/zh.json"]);
const then = filesOf(["src/features/desk/call_desk.tsx", "src/app/palette.tsx"], first);
const ok = [
  weigh(first, BUDGET_KB, "before an agent can be rung"),
  weigh(then, IDLE_BUDGET_KB, "after that, in the background"),
];
process.exit(ok.every(Boolean) ? 0 : 1);
