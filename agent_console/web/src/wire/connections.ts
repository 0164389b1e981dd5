// Requests about API keys and webhooks.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type ApiKey = Schemas["KeyRead"];
export type KeyBody = Schemas["KeyBody"];
export type KeyScope = KeyBody["scopes"][number];
export type Webhook = Schemas["WebhookRead"];
export type WebhookBody = Schemas["WebhookBody"];
export type EventKind = WebhookBody["events"][number];
export type Delivery = Schemas["DeliveryRead"];
export type DeliveryState = "waiting" | "delivered" | "failed";

export const listKeys = () => taken(client.GET("/api/keys"));
export const makeKey = (body: KeyBody) => taken(client.POST("/api/keys", { body }));
export const revokeKey = (key: string) =>
  taken(client.DELETE("/api/keys/{key}", { params: { path: { key } } }));

const path = (webhook: string) => ({ params: { path: { webhook } } });
export const listWebhooks = () => taken(client.GET("/api/webhooks"));
export const makeWebhook = (body: WebhookBody) => taken(client.POST("/api/webhooks", { body }));
export const changeWebhook = (id: string, body: Schemas["WebhookChange"]) =>
  taken(client.PUT("/api/webhooks/{webhook}", { ...path(id), body }));
export const removeWebhook = (id: string) =>
  taken(client.DELETE("/api/webhooks/{webhook}", path(id)));
export const renewSecret = (id: string) =>
  taken(client.POST("/api/webhooks/{webhook}/secret", path(id)));
export const testWebhook = (id: string) =>
  taken(client.POST("/api/webhooks/{webhook}/test", path(id)));
export const resumeWebhook = (id: string) =>
  taken(client.POST("/api/webhooks/{webhook}/resume", path(id)));
export const replayFailed = (id: string) =>
  taken(client.POST("/api/webhooks/{webhook}/replay", path(id)));
export const replayDelivery = (delivery: number) =>
  taken(
    client.POST("/api/webhook-deliveries/{delivery}/replay", { params: { path: { delivery } } }),
  );
export const listDeliveries = (id: string, state: DeliveryState | null, before: number | null) =>
  taken(
    client.GET("/api/webhooks/{webhook}/deliveries", {
      params: {
        path: { webhook: id },
        query: { ...(state === null ? {} : { state }), ...(before === null ? {} : { before }) },
      },
    }),
  );
