// Why the engine decided as it did, and what it expects: requests of the supervisors' pages.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type Decision = Schemas["DecisionRead"];
export const readEstimates = async () => (await taken(client.GET("/api/routing/estimates"))).items;
/** By queue, calls offered in each of the last 60 full minutes. */
export const readLastHour = () => taken(client.GET("/api/queue-minutes"));
export const whyCall = (call: string) =>
  taken(client.GET("/api/routing/why/call/{call}", { params: { path: { call } } }));
export type AgentReasons = Schemas["WhyAgent"];
export const whyAgent = (agent: string) =>
  taken(client.GET("/api/routing/why/agent/{agent}", { params: { path: { agent } } }));
