// An agent's own plan.
import { client, taken } from "./rest";

export const readOwnShifts = (first: string, last: string) =>
  taken(client.GET("/api/own-shifts", { params: { query: { first, last } } }));
