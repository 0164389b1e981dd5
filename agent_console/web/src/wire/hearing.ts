// Requests of a supervisor at a live call. What comes of them is seen in the call's row.
import { client, taken } from "./rest";

export type HearingMode = "listen" | "whisper" | "barge";

/** A phone, and what it dials once. */
export const beginHearing = (call: string, mode: HearingMode) =>
  taken(client.POST("/api/calls/{call}/hearing", { params: { path: { call } }, body: { mode } }));
export const changeHearing = (mode: HearingMode) =>
  taken(client.PUT("/api/hearing", { body: { mode } }));
export const takeOverCall = () => taken(client.POST("/api/hearing/take-over"));
export const stopHearing = () => taken(client.DELETE("/api/hearing"));
