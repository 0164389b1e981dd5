// The table of routes while it is edited: what was read, what was changed, what is wrong with it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ApiError } from "@/wire/rest";
import {
  checkRoutes,
  type RouteItem,
  type RouteMistake,
  type RouteTable,
  readRoutes,
  saveRoutes,
} from "@/wire/rules";
import { routesQuery } from "./queries";
import { useLeaveGuard } from "./use_leave_guard";

const CHECK_MS = 300;

export function useRouteTable() {
  const client = useQueryClient();
  const query = useQuery(routesQuery);
  const [draft, setDraft] = useState<RouteItem[] | null>(null);
  const [base, setBase] = useState<number | null>(null);
  const [mistakes, setMistakes] = useState<RouteMistake[] | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [saving, setSaving] = useState(false);
  const [conflict, setConflict] = useState(false);
  const items = draft ?? query.data?.items;
  useLeaveGuard(draft !== null);

  useEffect(() => {
    if (draft === null) return;
    let late = false;
    const timer = setTimeout(() => {
      checkRoutes(draft).then(
        (found) => !late && setMistakes(found),
        (problem) => !late && setError(problem),
      );
    }, CHECK_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [draft]);

  const settle = (read: RouteTable) => {
    client.setQueryData(routesQuery.queryKey, read);
    setDraft(null);
    setBase(null);
    setMistakes(null);
    setConflict(false);
    setError(null);
  };
  const change = (next: RouteItem[]) => {
    setDraft(next);
    if (base === null) setBase(query.data?.version ?? 0);
  };
  const saveOn = async (version: number) => {
    if (draft === null) return;
    setSaving(true);
    setError(null);
    try {
      settle(await saveRoutes(draft, version));
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 409) setConflict(true);
      else setError(problem);
    } finally {
      setSaving(false);
    }
  };
  const theirs = async (use: (read: RouteTable) => unknown) => {
    try {
      await use(await readRoutes());
    } catch (problem) {
      setError(problem);
    }
  };
  return {
    query,
    items,
    mistakes: (draft === null ? query.data?.mistakes : (mistakes ?? query.data?.mistakes)) ?? [],
    changed: draft !== null,
    saving,
    conflict,
    error,
    change,
    save: () => saveOn(base ?? 0),
    discard: () => void theirs(settle),
    takeTheirs: () => void theirs(settle),
    keepMine: () => void theirs((read) => saveOn(read.version)),
  };
}
