// The pages of whoever is not inside yet: signing in, the second factor, the first run.
import { createRootRoute, createRoute, redirect } from "@tanstack/react-router";
import { readFirstRun } from "@/wire/rest";
import { chosen } from "./entrance";
import { lazyPage } from "./lazy_page";
import { LoadFailure, NotFound } from "./odd_pages";

export const root = createRootRoute({
  errorComponent: LoadFailure,
  notFoundComponent: NotFound,
});

export const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: chosen("sso"),
  beforeLoad: async () => {
    const { open } = await readFirstRun();
    if (open) throw redirect({ to: "/first-run" });
  },
  component: lazyPage(() => import("./entry_pages"), "Login", "entry"),
});
export const secondFactor = createRoute({
  getParentRoute: () => root,
  path: "/second-factor",
  component: lazyPage(() => import("./entry_pages"), "SecondFactor", "entry", "account"),
});
export const firstRun = createRoute({
  getParentRoute: () => root,
  path: "/first-run",
  component: lazyPage(() => import("./entry_pages"), "FirstRun", "entry"),
});
