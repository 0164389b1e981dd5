/// <reference types="vitest/config" />
// Build and test settings. No inline script may appear in the built page: the server's
// Content-Security-Policy allows scripts from its own origin only.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

const backend = process.env.CALLCENTER_ORIGIN ?? "http://127.0.0.1:8080";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** Parts of JsSIP that the agent's phone never calls, and its logger: 7 kB that every agent would fetch. */
const STAND_INS: Record<string, string> = {
  "./Subscriber": "wire/phone/left_out.cjs",
  "./Notifier": "wire/phone/left_out.cjs",
  "./Message": "wire/phone/left_out.cjs",
  "./Options": "wire/phone/left_out.cjs",
  "./RTCSession/ReferSubscriber": "wire/phone/left_out.cjs",
  debug: "wire/phone/jssip_log.cjs",
};
const smallPhone: Plugin = {
  name: "small-phone",
  enforce: "pre",
  resolveId(wanted, importer) {
    const standIn = STAND_INS[wanted];
    return standIn && importer?.includes("/jssip/lib/") ? source(standIn) : null;
  },
};

export default defineConfig({
  plugins: [react(), smallPhone],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    target: "es2022",
    manifest: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What is always loaded together is one file: one dictionary for gzip instead of forty.
            { name: "base", test: /src\/app\/main\.tsx$/, priority: 2 },
            { name: "call", test: /src\/features\/desk\/call_desk\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": backend,
      "/ws": { target: backend, ws: true },
      "/sip": { target: backend, ws: true },
    },
  },
  test: {
    environment: "node",
    isolate: false, // no test leaves anything behind in a module
    include: ["tests/**/*.test.{ts,tsx}"],
    testTimeout: 30_000, // reading all sources takes its time on a busy machine
  },
});
