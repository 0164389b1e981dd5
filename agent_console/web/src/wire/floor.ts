// Requests about the floor: teams, what is done to agents, messages, alerts, ghosts, wallboards.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type Team = Schemas["TeamRead"];
export type TeamBody = Schemas["TeamBody"];
export type ForcedState = Schemas["ForcedState"];
export type AgentWork = Schemas["AgentWork"];
export type DeskMessage = Schemas["DeskMessageRead"];
export type AlertRule = Schemas["AlertRuleRead"];
export type AlertRuleBody = Schemas["AlertRuleChange"];
export type AlertEvent = Schemas["AlertRead"];
export type Ghost = Schemas["GhostRead"];
export type Wall = Schemas["WallRead"];
export type WallBody = Schemas["WallBody"];
export type WallLayout = Schemas["WallLayout-Output"];
export type WallTile = Schemas["WallTile-Output"];
export type WallShown = Schemas["WallShown"];

export const listTeams = async () => (await taken(client.GET("/api/teams"))).items;
export const putTeam = (team: string, body: TeamBody) =>
  taken(client.PUT("/api/teams/{team}", { params: { path: { team } }, body }));
export const removeTeam = (team: string) =>
  taken(client.DELETE("/api/teams/{team}", { params: { path: { team } } }));

export const forceState = (agent: string, body: ForcedState) =>
  taken(client.POST("/api/agents/{agent}/state", { params: { path: { agent } }, body }));
export const putWork = (agent: string, body: AgentWork) =>
  taken(client.PUT("/api/agents/{agent}/work", { params: { path: { agent } }, body }));
export const listAgentsOfMine = async () => (await taken(client.GET("/api/agents"))).items;

export const sendMessage = (body: { agents?: string[]; team?: string; text: string }) =>
  taken(
    client.POST("/api/desk-messages", {
      body: { agents: body.agents ?? [], team: body.team ?? "", text: body.text },
    }),
  );
export const listSent = async () => (await taken(client.GET("/api/desk-messages"))).items;

export const listRules = () => taken(client.GET("/api/alert-rules"));
export const makeRule = (body: AlertRuleBody) => {
  const { version: _none, ...rest } = body;
  return taken(client.POST("/api/alert-rules", { body: rest }));
};
export const changeRule = (rule: string, body: AlertRuleBody) =>
  taken(client.PUT("/api/alert-rules/{rule}", { params: { path: { rule } }, body }));
export const removeRule = (rule: string) =>
  taken(client.DELETE("/api/alert-rules/{rule}", { params: { path: { rule } } }));
export const listAlerts = async (open: boolean) =>
  (await taken(client.GET("/api/alerts", { params: { query: { open } } }))).items;
export const acknowledge = (alert: string) =>
  taken(client.POST("/api/alerts/{alert}/acknowledge", { params: { path: { alert } } }));

export type AlertTaker = Schemas["AlertTaker"];
export const listTakers = async (alert: string) =>
  (await taken(client.GET("/api/alerts/{alert}/takers", { params: { path: { alert } } }))).items;
/** To whom it was given before; null takes it back. */
export const giveAlert = (alert: string, user: string | null) =>
  taken(client.POST("/api/alerts/{alert}/give", { params: { path: { alert } }, body: { user } }));

export const listGhosts = async () => (await taken(client.GET("/api/ghosts"))).items;
export const clearGhost = (ghost: string, why: string) =>
  taken(client.POST("/api/ghosts/clear", { params: { query: { ghost } }, body: { why } }));

export const listWalls = async () => (await taken(client.GET("/api/walls"))).items;
export const saveWall = (id: string | null, body: WallBody) =>
  id === null
    ? taken(client.POST("/api/walls", { body }))
    : taken(client.PUT("/api/walls/{wall}", { params: { path: { wall: id } }, body }));
export const removeWall = (wall: string) =>
  taken(client.DELETE("/api/walls/{wall}", { params: { path: { wall } } }));
/** Back with its screens. */
export const restoreWall = (wall: string) =>
  taken(client.POST("/api/walls/{wall}/restore", { params: { path: { wall } } }));
export const addScreen = (wall: string, name: string) =>
  taken(client.POST("/api/walls/{wall}/screens", { params: { path: { wall } }, body: { name } }));
export const revokeScreen = (wall: string, screen: string) =>
  taken(
    client.DELETE("/api/walls/{wall}/screens/{screen}", { params: { path: { wall, screen } } }),
  );
export const showWall = (token: string) =>
  taken(client.GET("/api/public/wall", { params: { query: { token } } }));
