// What the pages of routes and hours read.
import { queryOptions } from "@tanstack/react-query";
import { listTargets, readCalendars, readCountries, readLists, readRoutes } from "@/wire/rules";

export const routesQuery = queryOptions({
  queryKey: ["rules", "routes"],
  queryFn: readRoutes,
  staleTime: 0,
});
export const targetsQuery = queryOptions({ queryKey: ["rules", "targets"], queryFn: listTargets });
export const listsQuery = queryOptions({ queryKey: ["rules", "lists"], queryFn: readLists });
export const calendarsQuery = queryOptions({
  queryKey: ["rules", "calendars"],
  queryFn: readCalendars,
  refetchInterval: 60_000,
});
export const countriesQuery = queryOptions({
  queryKey: ["rules", "countries"],
  queryFn: readCountries,
  staleTime: Number.POSITIVE_INFINITY,
});
