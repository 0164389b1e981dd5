// What this user may dial, and the directory, fetched once and kept for a minute.
import { queryOptions } from "@tanstack/react-query";
import { listContacts, readDialChoices } from "@/wire/outbound";

const FRESH_MS = 60_000;

export const dialQuery = queryOptions({
  queryKey: ["dial"],
  queryFn: readDialChoices,
  staleTime: FRESH_MS,
});
export const contactsQuery = queryOptions({
  queryKey: ["contacts"],
  queryFn: listContacts,
  staleTime: FRESH_MS,
});
