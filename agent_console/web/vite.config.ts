/// <reference types="vitest/config" />
// Build and test settings. No inline script may appear in the built page: the server's
// Content-Security-Policy allows scripts from its own origin only.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const backend = process.env.CALLCENTER_ORIGIN ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
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
    include: ["tests/**/*.test.ts"],
    testTimeout: 30_000, // reading all sources takes its time on a busy machine
  },
});
