// Requests about prompts and messages. Sound goes up as a plain body, with its progress, and comes down by
// an address that an <audio> element can seek in.
import type { components } from "./generated/api";
import { ApiError, client, errorFrom, taken } from "./rest";

type Schemas = components["schemas"];
export type PromptRead = Schemas["PromptRead"];
export type PromptVersion = Schemas["PromptVersionRead"];
export type PromptList = Schemas["PromptList"];
export type Message = Schemas["MessageRead"];
export type MessageChange = Schemas["MessageChange"];
export type MailboxRead = Schemas["MailboxRead"];
export type MailboxBody = Schemas["MailboxBody"];
export type MessageFilter = "open" | "new" | "done" | "deleted";

const UPLOAD_MS = 180_000;
const SPEECH_MS = 60_000;

// -- prompts --------------------------------------------------------------------------------------
export const listPrompts = () => taken(client.GET("/api/prompts"));
export const putPrompt = (prompt: string, name: string) =>
  taken(client.PUT("/api/prompts/{prompt}", { params: { path: { prompt } }, body: { name } }));
export const deletePrompt = (prompt: string) =>
  taken(client.DELETE("/api/prompts/{prompt}", { params: { path: { prompt } } }));
export const restorePrompt = (prompt: string) =>
  taken(client.POST("/api/prompts/{prompt}/restore", { params: { path: { prompt } } }));
export const chooseVersion = (prompt: string, language: string, version: number | null) =>
  taken(
    client.PUT("/api/prompts/{prompt}/{language}/active", {
      params: { path: { prompt, language } },
      body: { version },
    }),
  );

export const promptSound = (prompt: string, language: string, version: number) =>
  `/api/prompts/${encodeURIComponent(prompt)}/${encodeURIComponent(language)}/versions/${version}/audio`;

export interface Upload {
  prompt: string;
  language: string;
  kind: "upload" | "recorded";
  name: string;
  text: string;
  note: string;
}

async function answered(address: string, body: BodyInit, type: string, ms: number) {
  let response: Response;
  try {
    response = await fetch(address, {
      method: "POST",
      body,
      headers: { "content-type": type },
      credentials: "same-origin",
      signal: AbortSignal.timeout(ms),
    });
  } catch {
    throw new ApiError(0, "unreachable", "");
  }
  if (response.ok) return response;
  throw errorFrom(response.status, await response.json().catch(() => null));
}

export async function uploadSound(sound: Blob, upload: Upload): Promise<PromptVersion> {
  const { prompt, language, ...query } = upload;
  const path = `/api/prompts/${encodeURIComponent(prompt)}/${encodeURIComponent(language)}/audio`;
  const address = `${path}?${new URLSearchParams(query)}`;
  const answer = await answered(address, sound, "application/octet-stream", UPLOAD_MS);
  return (await answer.json()) as PromptVersion;
}

export async function keepSpeech(
  prompt: string,
  language: string,
  text: string,
): Promise<PromptVersion> {
  const path = `/api/prompts/${encodeURIComponent(prompt)}/${encodeURIComponent(language)}/speech`;
  const body = JSON.stringify({ text });
  const answer = await answered(path, body, "application/json", SPEECH_MS);
  return (await answer.json()) as PromptVersion;
}

/** How the speech maker says it; nothing is kept. */
export async function hearSpeech(text: string, language: string): Promise<Blob> {
  const body = JSON.stringify({ text, language });
  return await (await answered("/api/speech", body, "application/json", SPEECH_MS)).blob();
}

// -- messages -------------------------------------------------------------------------------------
export const listMessages = (state: MessageFilter, cursor: string | null) =>
  taken(
    client.GET("/api/voicemails", {
      params: { query: { state, limit: 50, ...(cursor === null ? {} : { cursor }) } },
    }),
  );
export const readMessage = (message: string) =>
  taken(client.GET("/api/voicemails/{message}", { params: { path: { message } } }));
export const changeMessage = (message: string, body: MessageChange) =>
  taken(client.PUT("/api/voicemails/{message}", { params: { path: { message } }, body }));
export const deleteMessage = (message: string) =>
  taken(client.DELETE("/api/voicemails/{message}", { params: { path: { message } } }));
export const restoreMessage = (message: string) =>
  taken(client.POST("/api/voicemails/{message}/restore", { params: { path: { message } } }));
export const messageSound = (message: string) =>
  `/api/voicemails/${encodeURIComponent(message)}/audio`;
export const messageFile = (message: string) =>
  `/api/voicemails/${encodeURIComponent(message)}/file`;

export const listMailboxes = () => taken(client.GET("/api/mailboxes"));
type Box = { kind: MailboxRead["box_kind"]; box: string };
export const putMailbox = (path: Box, body: MailboxBody) =>
  taken(client.PUT("/api/mailboxes/{kind}/{box}", { params: { path }, body }));
export const testMailbox = (path: Box) =>
  taken(client.POST("/api/mailboxes/{kind}/{box}/test", { params: { path } }));
