// What an agent's browser loads, gzipped, in the larger of the languages. First: all that must be there
// before the agent can be rung (the page, its texts, the phone). Then: the screen for calls. Then: parts
// that a desk fetches by itself as a shift begins and while it stands idle. All three together are the
// agent's bundle: 320 kB at most. Fails above a budget, so that a page grows only on purpose: see
// src/app/lazy_page.ts for pages of others. The palette, the sheet of keys, the transfer, a ticket from a
// call and so on come when they are asked for, or when a call is up.
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const FIRST_KB = 282;
const THEN_KB = 17;
const IDLE_KB = 21;
/** Parts that a desk fetches by itself: as a shift begins, and while it stands idle. */
const WHILE_IDLE = [
  "src/features/preflight/pre_flight.tsx",
  "src/app/outside_links.tsx",
  "src/components/outbound/dial_box.tsx",
  "src/components/crm/my_work.tsx",
];
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

/** The key of one of the chunks that vite.config.ts names. */
function named(name) {
  const found = Object.keys(manifest).find((key) => manifest[key].name === name);
  if (found === undefined) throw new Error(`no chunk is called ${name}: see vite.config.ts`);
  return found;
}

const first = filesOf([named("base"), "src/wire/phone/jssip_phone.ts", "src/locales/zh.json"]);
const then = filesOf([named("call")], first);
const idle = filesOf(WHILE_IDLE, new Set([...first, ...then]));
const ok = [
  weigh(first, FIRST_KB, "before an agent can be rung"),
  weigh(then, THEN_KB, "after that, for every agent"),
  weigh(idle, IDLE_KB, "after that, as a shift begins and while idle"),
];
process.exit(ok.every(Boolean) ? 0 : 1);
