// Requests about how many lines the trunks have.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

export type TrunkLines = components["schemas"]["TrunkLinesRead"];
export type TrunkLinesBody = components["schemas"]["TrunkLinesBody"];

export const readTrunkLines = () => taken(client.GET("/api/trunk-lines"));
export const putTrunkLines = (body: TrunkLinesBody) =>
  taken(client.PUT("/api/trunk-lines", { body }));
