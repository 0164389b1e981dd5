// What an agent's browser loads, gzipped: the entry with all it imports, the texts, and the phone. Fails above the
// budget, so that a page grows only on purpose.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const BUDGET_KB = 320;
const dist = resolve(dirname(fileURLToPath(import.meta.url)), "../dist");
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, "utf8"));

const files = new Set();
const take = (key) => {
  const chunk = manifest[key];
  if (chunk === undefined || files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) take(imported);
};
take("index.html");
take("src/wire/phone/jssip_phone.ts");
take("src/locales/zh.json");

let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(`${dist}/${file}`)).length / 1000;
  total += size;
  console.log(`${size.toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(
  `${total.toFixed(1).padStart(8)} kB  of ${BUDGET_KB} kB JavaScript for an agent, gzipped`,
);
process.exit(total > BUDGET_KB ? 1 : 0);
