// The entry: language, theme, queries, pages. Everything else is loaded by role, when it is needed.
import "@fontsource-variable/inter/wght.css";
import "@mantine/core/styles.css";
import "@mantine/spotlight/styles.css";
import "./style.css";
import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Notices } from "@/components/notices";
import { showDensity } from "@/state/density";
import { startI18n } from "@/state/i18n";
import { queryClient } from "@/state/session";
import { router } from "./router";
import { cssVariables, theme } from "./theme";

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
        <Notices />
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}

void start();
