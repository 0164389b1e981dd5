// How many agents: what is asked of the service, and its answer.

import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type StaffingBody = Schemas["StaffingBody"];
export type TypedInterval = Schemas["IntervalBody"];
export type Staffing = Schemas["StaffingRead"];
export type StaffingRow = Schemas["StaffingRow"];
export type Met = Schemas["WaitingRead"];

export const askStaffing = (body: StaffingBody) => taken(client.POST("/api/staffing", { body }));

export type SimulatedBody = Schemas["SimulatedBody"];
export type Simulated = Schemas["SimulatedRead"];
export type SimulatedAnswer = Schemas["SimulatedAnswer"];
export type SimulatedRow = Schemas["SimulatedRow"];

export const beginSimulated = (body: SimulatedBody) =>
  taken(client.POST("/api/staffing/simulated", { body }));
export const readSimulated = (run: string) =>
  taken(client.GET("/api/staffing/simulated/{run}", { params: { path: { run } } }));
export const cancelSimulated = (run: string) =>
  taken(client.DELETE("/api/staffing/simulated/{run}", { params: { path: { run } } }));

// -- what if -------------------------------------------------------------------------------------
export type WhatIfBody = Schemas["WhatIfBody"];
export type WhatIfChange = Schemas["WhatIfChange"];
export type WhatIf = Schemas["WhatIfRead"];
export type WhatIfAnswer = Schemas["WhatIfAnswer"];
export type WhatIfLine = Schemas["WhatIfLine"];
export type WhatIfSide = Schemas["WhatIfSide"];
export type Estimate = Schemas["WhatIfEstimate"];

export const beginWhatIf = (body: WhatIfBody) => taken(client.POST("/api/what-if", { body }));
export const readWhatIf = (run: string) =>
  taken(client.GET("/api/what-if/{run}", { params: { path: { run } } }));
export const cancelWhatIf = (run: string) =>
  taken(client.DELETE("/api/what-if/{run}", { params: { path: { run } } }));
