// The console websocket's words, named for the rest of the app. Shapes come from the server
// (`npm run types`); nothing is written by hand here.
import type { components } from "./generated/wire";

type Schemas = components["schemas"];

export type ServerMessage = Schemas["ServerMessage"];
export type ClientMessage = Schemas["ClientMessage"];
export type Snapshot = Schemas["Snapshot"];
export type Reply = Schemas["Reply"];
export type CallRow = Schemas["CallRow"];
export type AgentRow = Schemas["AgentRow"];
export type QueueRow = Schemas["QueueRow"];
export type CustomerCard = Schemas["CustomerCard"];
export type AgentState = AgentRow["state"];
export type CallStage = CallRow["stage"];
export type Role = Snapshot["role"];

/** A client message that is answered by a `Reply`; the id is put in by whoever sends it. */
export type Command = Extract<ClientMessage, { id: string }>;
type WithoutId<T> = T extends { id: string } ? Omit<T, "id"> : never;
export type CommandBody = WithoutId<Command>;
