// Packs the built files once, as small as they get, beside themselves: the server hands out what a browser
// takes (callcenter/web/static.py) and does not pack the same file for every browser anew.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const SMALLEST_BYTES = 1024;
const TEXT = /\.(css|js|json|svg)$/;
const assets = resolve(dirname(fileURLToPath(import.meta.url)), "../dist/assets");

for (const name of readdirSync(assets)) {
  const content = readFileSync(`${assets}/${name}`);
  if (!TEXT.test(name) || content.length < SMALLEST_BYTES) continue;
  const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
  writeFileSync(`${assets}/${name}.br`, brotliCompressSync(content, { params }));
  writeFileSync(`${assets}/${name}.gz`, gzipSync(content, { level: 9 }));
}
