// The shift plan: a week, its changes, a file of it.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type Shifts = Schemas["ShiftsRead"];
export type ShiftDay = Schemas["ShiftDayRead"];
export type ShiftDayBody = Schemas["ShiftDayBody"];
export type Shift = Schemas["ShiftBody"];
export type ShiftChange = Schemas["ShiftChangeRead"];
export type ShiftImport = Schemas["ShiftImportRead"];

export const readShifts = (first: string, last: string) =>
  taken(client.GET("/api/shifts", { params: { query: { first, last } } }));
export const writeShifts = (days: ShiftDayBody[]) =>
  taken(client.PUT("/api/shifts", { body: { days } }));
export const copyShifts = (source: string, target: string, agents: string[]) =>
  taken(client.POST("/api/shifts/copy", { body: { source, target, agents } }));
export const importShifts = (text: string, check: boolean) =>
  taken(client.POST("/api/shifts/import", { body: { text, check } }));
export const shiftsFile = (first: string, last: string) =>
  `/api/shifts/file?${new URLSearchParams({ first, last })}`;
export const listShiftChanges = async () => (await taken(client.GET("/api/shift-changes"))).items;
export const undoShiftChange = (change: string) =>
  taken(client.POST("/api/shift-changes/{change}/undo", { params: { path: { change } } }));
