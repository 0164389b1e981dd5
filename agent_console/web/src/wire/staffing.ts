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
