// How many new messages this person has; the list looks again as often, so both tell the same.
import { queryOptions } from "@tanstack/react-query";
import { client, taken } from "@/wire/rest";

export const MESSAGES_EVERY_MS = 10_000;

export const newMessagesQuery = queryOptions({
  queryKey: ["messages", "new"],
  queryFn: async () => (await taken(client.GET("/api/voicemails/new"))).new,
  staleTime: MESSAGES_EVERY_MS,
  refetchInterval: MESSAGES_EVERY_MS,
});
