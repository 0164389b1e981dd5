// Requests about routes, lists of callers and business hours. One function a thing.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type RouteItem = Schemas["RouteBody-Output"];
export type RouteMistake = Schemas["RouteMistake"];
export type RouteTried = Schemas["RouteTried"];
export type CallerList = Schemas["ListRead"];
export type ListEntry = Schemas["ListEntryRead"];
export type CalendarEntry = Schemas["CalendarRead"];
export type CalendarNow = Schemas["Now"];
export type HoursBody = Required<
  Pick<Schemas["CalendarBody"], "timezone" | "week" | "country" | "holidays" | "overrides">
>;
export type DayHours = Schemas["DayRead"];
export type Preview = Schemas["Preview"];

export interface RouteTable {
  version: number;
  items: RouteItem[];
  mistakes: RouteMistake[];
}

// -- routes ---------------------------------------------------------------------------------------
const table = (read: Schemas["RoutesRead"]) => read as RouteTable;
export const readRoutes = async () => table(await taken(client.GET("/api/routes")));
/** `version` is the one that was read: a change by somebody else meanwhile is refused (409). */
export const saveRoutes = async (items: RouteItem[], version: number) =>
  table(await taken(client.PUT("/api/routes", { body: { items, base_version: version } })));
export const checkRoutes = async (items: RouteItem[]) =>
  (await taken(client.POST("/api/routes/check", { body: { items } }))).mistakes;
export const tryRoute = (body: {
  items: RouteItem[];
  called: string;
  caller: string;
  at: string | null;
}) => taken(client.POST("/api/routes/try", { body }));

/** Published flows by name, what a route may lead to. */
export const listTargets = async () =>
  (await taken(client.GET("/api/flows"))).items
    .filter((flow) => flow.published_version !== null)
    .map(({ name, title }) => ({ value: name, label: title || name }));

// -- lists of callers -----------------------------------------------------------------------------
export const readLists = async () => (await taken(client.GET("/api/number-lists"))).items;
export const putList = (list: string, name: string) =>
  taken(client.PUT("/api/number-lists/{list}", { params: { path: { list } }, body: { name } }));
export const removeList = (list: string) =>
  taken(client.DELETE("/api/number-lists/{list}", { params: { path: { list } } }));
export const readNumbers = async (list: string) =>
  (await taken(client.GET("/api/number-lists/{list}/numbers", { params: { path: { list } } })))
    .items;
export const addNumbers = (list: string, text: string) =>
  taken(
    client.POST("/api/number-lists/{list}/numbers", { params: { path: { list } }, body: { text } }),
  );
export const removeNumber = (list: string, number: string) =>
  taken(
    client.DELETE("/api/number-lists/{list}/numbers/{number}", {
      params: { path: { list, number } },
    }),
  );

// -- business hours -------------------------------------------------------------------------------
export const readCalendars = async () => (await taken(client.GET("/api/calendars"))).items;
export const putCalendar = async (
  calendar: string,
  name: string,
  hours: HoursBody,
  version: number | null,
) =>
  (
    await taken(
      client.PUT("/api/calendars/{calendar}", {
        params: { path: { calendar } },
        body: { ...hours, name, base_version: version },
      }),
    )
  ).items;
export const removeCalendar = (calendar: string) =>
  taken(client.DELETE("/api/calendars/{calendar}", { params: { path: { calendar } } }));
export const switchAll = async (on: boolean, message: string) =>
  (await taken(client.POST("/api/calendars/emergency", { body: { on, message } }))).items;
export const switchOne = async (calendar: string, on: boolean, message: string) =>
  (
    await taken(
      client.POST("/api/calendars/{calendar}/emergency", {
        params: { path: { calendar } },
        body: { on, message },
      }),
    )
  ).items;
export const previewHours = (hours: HoursBody, at: string | null, days: number) =>
  taken(client.POST("/api/calendars/preview", { body: { ...hours, at, days } }));
export const readIcs = (text: string) =>
  taken(client.POST("/api/calendars/ics", { body: { text } }));
export const readCountries = async () =>
  (await taken(client.GET("/api/calendars/countries"))).items;
