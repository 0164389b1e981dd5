// Groups of agents by condition, as the API speaks of them.

import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type AgentGroup = Schemas["AgentGroupRead"];
export type GroupBody = Schemas["AgentGroupBody"];
export type Clause = Schemas["GroupClause-Output"];

export const listGroups = async () => (await taken(client.GET("/api/groups"))).items;
export const putGroup = (group: string, body: GroupBody) =>
  taken(client.PUT("/api/groups/{group}", { params: { path: { group } }, body }));
export const removeGroup = (group: string) =>
  taken(client.DELETE("/api/groups/{group}", { params: { path: { group } } }));
