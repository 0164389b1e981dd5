// Requests about reports. What is asked stands in the page's address (`ReportsSearch`).
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type Catalogue = Schemas["CatalogueRead"];
export type Figure = Schemas["FigureRead"];
export type Report = Schemas["ReportRead"];
export type ReportTable = Schemas["TableRead"];
export type ReportJob = Schemas["JobRead"];
export type ReportView = Schemas["ReportViewRead"];
export type Schedule = Schemas["ReportScheduleRead"];
export type ScheduleBody = Schemas["ReportScheduleBody"];
export type Interval = Report["interval"];
export type Compare = "" | "before" | "year";

export interface Asked {
  first: string;
  last: string;
  interval: Interval;
  zone: string;
  queues: string[];
  agents: string[];
  compare: Compare;
}

const query = (asked: Asked) => ({
  ...asked,
  queues: asked.queues.length > 0 ? asked.queues : undefined,
  agents: asked.agents.length > 0 ? asked.agents : undefined,
});

export const readCatalogue = () => taken(client.GET("/api/reports"));
export const readReport = (report: string, asked: Asked) =>
  taken(client.GET("/api/reports/{report}", { params: { path: { report }, query: query(asked) } }));

export const beginJob = (report: string, asked: Asked) =>
  taken(
    client.POST("/api/report-jobs/{report}", { params: { path: { report }, query: query(asked) } }),
  );
export const readJob = (job: string) =>
  taken(client.GET("/api/report-jobs/{job}", { params: { path: { job } } }));
export const cancelJob = (job: string) =>
  taken(client.DELETE("/api/report-jobs/{job}", { params: { path: { job } } }));

/** Where the browser finds the report as a file. */
export function fileAddress(report: string, asked: Asked, form: string, language: string): string {
  const { queues, agents, ...one } = asked;
  const params = new URLSearchParams({ ...one, form, language });
  for (const queue of queues) params.append("queues", queue);
  for (const agent of agents) params.append("agents", agent);
  return `/api/reports/${report}/file?${params}`;
}

export const listViews = async () => (await taken(client.GET("/api/report-views"))).items;
export const saveView = (body: Schemas["ReportViewBody"]) =>
  taken(client.POST("/api/report-views", { body }));
export const removeView = (view: string) =>
  taken(client.DELETE("/api/report-views/{view}", { params: { path: { view } } }));

export const listSchedules = () => taken(client.GET("/api/report-schedules"));
export const makeSchedule = (body: ScheduleBody) =>
  taken(client.POST("/api/report-schedules", { body }));
export const removeSchedule = (schedule: string) =>
  taken(client.DELETE("/api/report-schedules/{schedule}", { params: { path: { schedule } } }));
