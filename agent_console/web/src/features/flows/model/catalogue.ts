// What kinds of nodes there are: their fields and their ways out, as the server's catalogue says. The
// designer knows no kind by itself; only where a kind's changing ways out come from stands here.
import type { CatalogueRead } from "@/wire/flows";
import type { FlowNode } from "./flow";

export interface PortSpec {
  name: string;
  title: string;
  about: string;
  optional: boolean;
}

export type FieldShape =
  | "speech"
  | "words"
  | "expression"
  | "name"
  | "choice"
  | "key"
  | "yes-no"
  | "number"
  | "text"
  | "table";

export interface FieldSpec {
  name: string;
  title: string;
  about: string;
  shape: FieldShape;
  required: boolean;
  /** What holds when nothing is written. */
  usual: unknown;
  /** Of a choice. */
  options: string[];
  /** Of a number; `whole` ones have no fraction. */
  least: number | null;
  most: number | null;
  whole: boolean;
  lengthMax: number | null;
  /** What it names: queue, skill, calendar, box, source, secret, flow, number; "" for none. */
  names: string;
  /** Of a table: what stands on the right, and which keys may stand on the left. */
  rows: { shape: FieldShape; keys: RegExp; keyNames: string; whole: boolean } | null;
}

export interface KindSpec {
  name: string;
  group: string;
  title: string;
  about: string;
  ports: PortSpec[];
  fields: FieldSpec[];
  /** What the way out for an operator's key is called. */
  operator: string;
}

export type Catalogue = ReadonlyMap<string, KindSpec>;

export interface Schema {
  [key: string]: unknown;
  $ref?: string;
  type?: string | string[];
  enum?: unknown[];
  pattern?: string;
  patternProperties?: Record<string, Schema>;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  default?: unknown;
}

const KEY_PATTERN = "^[0-9*#]$";
const SHAPES: [(schema: Schema) => boolean, FieldShape][] = [
  [(schema) => String(schema.$ref ?? "").endsWith(".speech"), "speech"],
  [(schema) => schema["x-speech"] === true, "speech"],
  [(schema) => String(schema.$ref ?? "").endsWith(".words"), "words"],
  [(schema) => schema["x-words"] === true, "words"],
  [(schema) => schema["x-expression"] === true, "expression"],
  [(schema) => schema.patternProperties !== undefined, "table"],
  [(schema) => schema["x-names"] !== undefined, "name"],
  [(schema) => schema.enum !== undefined, "choice"],
  [(schema) => schema.pattern === KEY_PATTERN, "key"],
  [(schema) => schema.type === "boolean", "yes-no"],
  [(schema) => schema.type === "integer" || schema.type === "number", "number"],
];

export function shapeOf(schema: Schema): FieldShape {
  return SHAPES.find(([fits]) => fits(schema))?.[1] ?? "text";
}

function rowsOf(schema: Schema): FieldSpec["rows"] {
  const [row] = Object.entries(schema.patternProperties ?? {});
  if (row === undefined) return null;
  const [keys, value] = row;
  return {
    shape: shapeOf(value),
    keys: new RegExp(keys),
    keyNames: String(schema["x-names"] ?? ""),
    whole: value.type === "integer",
  };
}

export function fieldFrom(
  name: string,
  schema: Schema,
  required: boolean,
  title = name,
  about = String(schema.description ?? ""),
): FieldSpec {
  const shape = shapeOf(schema);
  return {
    name,
    title,
    about,
    shape,
    required,
    usual: schema.default,
    options: (schema.enum ?? []).map(String),
    least: schema.minimum ?? null,
    most: schema.maximum ?? null,
    whole: schema.type === "integer",
    lengthMax: schema.maxLength ?? null,
    names: shape === "name" ? String(schema["x-names"]) : "",
    rows: shape === "table" ? rowsOf(schema) : null,
  };
}

/** Where the ways out of a kind come from that depend on its settings: one for each key there. */
const PORTS_FROM: Record<string, string> = {
  menu: "choices",
  switch: "cases",
  split: "shares",
  subflow: "exits",
};

export function tableOf(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** All ways out a node can have now, in the order they are drawn: its own keys first. */
export function portsOf(catalogue: Catalogue, node: FlowNode): PortSpec[] {
  const kind = catalogue.get(node.kind);
  const from = PORTS_FROM[node.kind];
  const usual = kind?.fields.find((field) => field.name === from)?.usual;
  const rows = from === undefined ? {} : tableOf(node.settings[from] ?? usual);
  const own = Object.entries(rows).map(([name, value]) => ({
    name,
    title: name,
    about: node.kind === "menu" || node.kind === "subflow" ? String(value ?? "") : "",
    optional: false,
  }));
  if (node.kind === "menu" && node.settings.operator_key) {
    const about = String(node.settings.operator_key);
    own.push({ name: "operator", title: kind?.operator ?? "operator", about, optional: false });
  }
  const listed = [...own, ...(kind?.ports ?? [])];
  const strangers = Object.keys(node.ports).filter((name) => !listed.some((p) => p.name === name));
  return [
    ...listed,
    ...strangers.map((name) => ({ name, title: name, about: "", optional: true })),
  ];
}

/** The field whose keys are this kind's ways out; "" when it has none. */
export const portsField = (kind: string): string => PORTS_FROM[kind] ?? "";

/** From the server's list, in one language. `operator`: what that way out is called. */
export function readKinds(
  read: CatalogueRead,
  language: "en" | "zh",
  operator: string,
): { catalogue: Catalogue; groups: ReadonlyMap<string, string> } {
  const kinds = read.kinds.map(
    (kind): KindSpec => ({
      name: kind.name,
      group: kind.group,
      title: kind.title[language],
      about: kind.about[language],
      operator,
      ports: kind.ports.map((port) => ({
        name: port.name,
        title: port.title[language],
        about: port.about[language],
        optional: port.optional,
      })),
      fields: kind.settings.map((one) =>
        fieldFrom(
          one.name,
          { ...one.value_schema, default: one.default ?? undefined } as Schema,
          one.required,
          one.title[language],
          one.about[language],
        ),
      ),
    }),
  );
  return {
    catalogue: new Map(kinds.map((kind) => [kind.name, kind])),
    groups: new Map(read.groups.map(({ name, title }) => [name, title[language]])),
  };
}
