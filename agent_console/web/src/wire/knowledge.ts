// Requests about outcomes, forms of calls, scripts and articles; loaded with the parts that make them.
import type { components } from "./generated/api";
import { client, type DispositionChoice, taken } from "./rest";

type Schemas = components["schemas"];

// -- how calls end ----------------------------------------------------------------------------------
export const putDispositions = (items: readonly DispositionChoice[]) =>
  taken(client.PUT("/api/dispositions", { body: { items: [...items] } }));
export const putCallForm = (code: string, body: Schemas["DefinedBody_CallFormDefinition_"]) =>
  taken(client.PUT("/api/call-forms/{code}", { params: { path: { code } }, body }));
export const removeCallForm = (code: string) =>
  taken(client.DELETE("/api/call-forms/{code}", { params: { path: { code } } }));
