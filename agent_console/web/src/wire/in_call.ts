// Requests beside the console's socket: calls an agent may take himself, and how a leg sounded.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

export type OnShelf = components["schemas"]["OnShelf"];
export type LegHeard = components["schemas"]["QualityBody"];

export const readShelf = () => taken(client.GET("/api/shelf"));
export const keepQuality = (call: string, leg: string, body: LegHeard) =>
  taken(client.PUT("/api/calls/{call}/quality/{leg}", { params: { path: { call, leg } }, body }));
