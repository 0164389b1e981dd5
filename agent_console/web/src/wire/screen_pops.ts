// Requests about pages of an own CRM, and about the public form for callbacks.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type ScreenPop = Schemas["ScreenPopRead"];
export type ScreenPopBody = Schemas["ScreenPopBody"];
export type FormRules = Schemas["FormRulesRead"];
export type FormRulesBody = Schemas["FormRulesBody"];

export const listScreenPops = () => taken(client.GET("/api/screen-pops"));
export const putScreenPop = (code: string, body: ScreenPopBody) =>
  taken(client.PUT("/api/screen-pops/{code}", { params: { path: { code } }, body }));
export const removeScreenPop = (code: string) =>
  taken(client.DELETE("/api/screen-pops/{code}", { params: { path: { code } } }));
export const readFormRules = () => taken(client.GET("/api/callback-form"));
export const putFormRules = (body: FormRulesBody) =>
  taken(client.PUT("/api/callback-form", { body }));
