// What was told to this desk and is not read yet.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

export type DeskMessage = components["schemas"]["DeskMessageRead"];

export const readDesk = async () => (await taken(client.GET("/api/desk"))).items;
export const markRead = (message: string) =>
  taken(client.POST("/api/desk/{message}/read", { params: { path: { message } } }));
