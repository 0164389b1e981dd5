// What an agent's browser loads, gzipped, in the larger of the languages. First: all that must be there
// before the agent can be rung (the page, its texts, the phone). Then: the screen for calls. Then: parts
// that a desk fetches by itself as a shift begins and while it stands idle. All three together are the
// agent's bundle: 320 kB at most. Fails above a budget, so that a page grows only on purpose: see
// src/app/lazy_page.ts for pages of others. The palette, the sheet of keys, the transfer, a ticket from a
// call and so on come when they are asked for, or when a call is up.
//
// `--files` shows each file; `--names` prints nothing but their names: tests/browser/test_desk.py fetches
// a desk and fails for a script that is not among them, so that nothing comes uncounted.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const FIRST_KB = 276;
const THEN_KB = 17;
const IDLE_KB = 21;
const LANGUAGES = ["en", "zh"];
/** Parts that a desk fetches by itself: as a shift begins, and while it stands idle. */
const WHILE_IDLE = [
  "src/features/preflight/pre_flight.tsx",
  "src/app/outside_links.tsx",
  "src/components/floor/desk_messages.tsx",
  "src/components/outbound/dial_box.tsx",
  "src/components/crm/my_work.tsx",
  "src/components/shifts/own_shifts.tsx",
];
const dist = resolve(dirname(fileURLToPath(import.meta.url)), "../dist");
const manifest = JSON.parse(readFileSync(`${dist}/.vite/manifest.json`, "utf8"));
/** Fetched by the page, but imported by no file. */
const worker = readdirSync(`${dist}/assets`).filter((name) => /^heartbeat.*\.js$/.test(name));
const APART = ["theme.js", ...worker.map((name) => `assets/${name}`)];
const zipped = (file) => gzipSync(readFileSync(`${dist}/${file}`), { level: 9 }).length / 1000;

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

/** The key of one of the chunks that vite.config.ts names. */
function named(name) {
  const found = Object.keys(manifest).find((key) => manifest[key].name === name);
  if (found === undefined) throw new Error(`no chunk is called ${name}: see vite.config.ts`);
  return found;
}

/** The three groups, for one language. */
function groups(language) {
  const phone = "src/wire/phone/jssip_phone.ts";
  const first = filesOf([named("base"), phone, `src/locales/${language}.json`]);
  for (const file of APART) first.add(file);
  const then = filesOf([named("call")], first);
  const there = new Set([...first, ...then]);
  const texts = ["outside", "shifts"].map((part) => `src/locales/${part}.${language}.json`);
  const idle = filesOf([...WHILE_IDLE, ...texts], there);
  return [first, then, idle];
}

const kb = (files) => [...files].reduce((sum, file) => sum + zipped(file), 0);
const whole = (one) => one.reduce((sum, files) => sum + kb(files), 0);

function weigh(files, budget, what) {
  if (process.argv.includes("--files")) {
    for (const file of files) console.log(`${zipped(file).toFixed(1).padStart(8)} kB  ${file}`);
  }
  const total = kb(files);
  console.log(`${total.toFixed(1).padStart(8)} kB  of ${budget} kB JavaScript ${what}, gzipped`);
  return total <= budget;
}

if (process.argv.includes("--names")) {
  const all = LANGUAGES.flatMap((language) => groups(language).flatMap((files) => [...files]));
  console.log([...new Set(all)].map((file) => file.replace("assets/", "")).join("\n"));
} else {
  const [larger] = LANGUAGES.map(groups).sort((one, other) => whole(other) - whole(one));
  const [first, then, idle] = larger;
  const ok = [
    weigh(first, FIRST_KB, "before an agent can be rung"),
    weigh(then, THEN_KB, "after that, for every agent"),
    weigh(idle, IDLE_KB, "after that, as a shift begins and while idle"),
  ];
  console.log(
    `${whole(larger).toFixed(1).padStart(8)} kB  in all; the agent's bundle: 320 kB at most`,
  );
  process.exit(ok.every(Boolean) ? 0 : 1);
}
