// Text messages that flows send, and the webhook they go out by.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

export { ApiError } from "./rest";

type Shapes = components["schemas"];
export type GatewayBody = Shapes["GatewayBody"];
export type GatewayRead = Shapes["GatewayRead"];
export type TextRead = Shapes["TextRead"];
export type TextState = TextRead["state"];

export const readGateway = () => taken(client.GET("/api/text-gateway"));
export const putGateway = (body: GatewayBody) => taken(client.PUT("/api/text-gateway", { body }));
export const replaceTextSecret = () => taken(client.POST("/api/text-gateway/secret"));
export const testGateway = (body: Shapes["TestBody"]) =>
  taken(client.POST("/api/text-gateway/test", { body }));
export const listTexts = (state: TextState | null) =>
  taken(
    client.GET("/api/text-messages", {
      params: { query: { limit: 100, ...(state === null ? {} : { state }) } },
    }),
  );
export const sendTextAgain = (message: number) =>
  taken(client.POST("/api/text-messages/{message}/again", { params: { path: { message } } }));
