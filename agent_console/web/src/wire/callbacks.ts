// Requests about callbacks.
import type { Counted } from "./calls_behind";
import type { components } from "./generated/api";
import { client, taken } from "./rest";

export type Callback = components["schemas"]["CallbackRead"];

/** Open ones, those that are over, or those behind a number of the reports. */
export type CallbackFilter = { state: "open" | "over" } | Counted;

export const listCallbacks = (filter: CallbackFilter, cursor: string | null) =>
  taken(
    client.GET("/api/callbacks", {
      params: { query: { ...filter, ...(cursor === null ? {} : { cursor }) } },
    }),
  );
const path = (callback: string) => ({ params: { path: { callback } } });
export const cancelCallback = (id: string) =>
  taken(client.POST("/api/callbacks/{callback}/cancel", path(id)));
export const dialCallback = (id: string) =>
  taken(client.POST("/api/callbacks/{callback}/dial", path(id)));
export const postponeCallback = (id: string, moment: string) =>
  taken(
    client.PUT("/api/callbacks/{callback}/time", { ...path(id), body: { not_before: moment } }),
  );

export type CallbackRules = components["schemas"]["PolicyRead"];
export type CallbackRulesBody = components["schemas"]["PolicyChange"];
export type NewCallback = components["schemas"]["NewCallback"];

export const askCallback = (body: NewCallback) => taken(client.POST("/api/callbacks", { body }));
export const listCallbackRules = () => taken(client.GET("/api/callback-policies"));
export const putCallbackRules = (queue: string, body: CallbackRulesBody) =>
  taken(client.PUT("/api/callback-policies/{queue}", { params: { path: { queue } }, body }));
