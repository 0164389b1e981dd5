// The entry: language, theme, queries, pages. Everything else is loaded by role, when it is needed.
import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./style.css";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { lazy, StrictMode, Suspense } from "react";
import { createRoot } from "react-dom/client";
import { showDensity } from "@/state/density";
import { startI18n } from "@/state/i18n";
import { queryClient } from "@/state/session";
import { router } from "./router";
import { cssVariables, theme } from "./theme";

/** What is said before it is loaded waits in the notifications' own store. */
const Notifications = lazy(async () => ({
  default: (await import("@mantine/notifications")).Notifications,
}));

const schemes = localStorageColorSchemeManager({ key: "cc-color-scheme" });

async function start(): Promise<void> {
  showDensity();
  await startI18n();
  const root = document.getElementById("root");
  if (root === null) throw new Error("index.html has no #root");
  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={schemes}
        defaultColorScheme="auto"
      >
        <Suspense>
          <Notifications position="top-right" limit={4} />
        </Suspense>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

void start();
