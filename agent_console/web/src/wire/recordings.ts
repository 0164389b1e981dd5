// Requests about recordings of talks. Sound comes by an address that an <audio> element can seek in; each
// playing is audited with its reason.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type RecordingRead = Schemas["RecordingRead"];
export type RecordingDetail = Schemas["RecordingDetail"];
export type RecordingComment = Schemas["RecordingCommentRead"];
export type RecordingPolicy = Schemas["RecordingPolicyRead"];
export type RetentionRule = Schemas["RetentionRuleBody-Output"];

export const REASONS = [
  "quality",
  "coaching",
  "complaint",
  "evidence",
  "technical",
  "own",
] as const;
export type Reason = (typeof REASONS)[number];

export interface RecordingFilter {
  text?: string;
  agent?: string;
  queue?: string;
  call?: string;
  since?: string;
  until?: string;
  seconds_min?: number;
  silence_min?: number;
  interruptions_min?: number;
  agent_share_min?: number;
  held?: boolean;
}

export const listRecordings = (filter: RecordingFilter, cursor: string | null) =>
  taken(
    client.GET("/api/recordings", {
      params: { query: { ...filter, limit: 50, ...(cursor === null ? {} : { cursor }) } },
    }),
  );
export const readRecording = (recording: string) =>
  taken(client.GET("/api/recordings/{recording}", { params: { path: { recording } } }));

const address = (recording: string, what: "audio" | "file", reason: Reason) =>
  `/api/recordings/${encodeURIComponent(recording)}/${what}?reason=${reason}`;
export const recordingSound = (recording: string, reason: Reason) =>
  address(recording, "audio", reason);
export const recordingFile = (recording: string, reason: Reason) =>
  address(recording, "file", reason);

export const commentRecording = (recording: string, at_seconds: number, text: string) =>
  taken(
    client.POST("/api/recordings/{recording}/comments", {
      params: { path: { recording } },
      body: { at_seconds, text },
    }),
  );
export const uncommentRecording = (recording: string, comment: string) =>
  taken(
    client.DELETE("/api/recordings/{recording}/comments/{comment}", {
      params: { path: { recording, comment } },
    }),
  );
export const holdRecording = (recording: string, held: boolean, why: string) =>
  taken(
    client.PUT("/api/recordings/{recording}/hold", {
      params: { path: { recording } },
      body: { held, why },
    }),
  );
export const eraseRecording = (recording: string, why: string) =>
  taken(
    client.POST("/api/recordings/{recording}/erase", {
      params: { path: { recording } },
      body: { why },
    }),
  );

// -- rules ----------------------------------------------------------------------------------------
export const listPolicies = async () => (await taken(client.GET("/api/recording-policies"))).items;
export const putPolicy = ({ queue, ...body }: RecordingPolicy) =>
  taken(client.PUT("/api/recording-policies/{queue}", { params: { path: { queue } }, body }));
export const readRetention = async () => (await taken(client.GET("/api/retention-rules"))).rules;
export const putRetention = (rules: RetentionRule[]) =>
  taken(client.PUT("/api/retention-rules", { body: { rules } }));
export const listRetentionRuns = async () => (await taken(client.GET("/api/retention-runs"))).items;
