// Requests about calls by hand: what may be dialled, the check of a number, the rules, the directory.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type DialChoices = Schemas["DialChoices"];
export type CheckedNumber = Schemas["CheckedNumber"];
export type OutboundRules = Schemas["RulesRead"];
export type OutboundRulesBody = Schemas["RulesChange"];
export type Contact = Schemas["ContactRead"];
export type ContactBody = Schemas["ContactBody"];

export const readDialChoices = () => taken(client.GET("/api/dial"));
export const listContacts = async () => (await taken(client.GET("/api/contacts"))).items;
export const checkNumber = (number: string) =>
  taken(client.POST("/api/dial/check", { body: { number } }));
export const readOutboundRules = () => taken(client.GET("/api/outbound-rules"));
export const putOutboundRules = (body: OutboundRulesBody) =>
  taken(client.PUT("/api/outbound-rules", { body }));
const path = (contact: string) => ({ params: { path: { contact } } });
export const putContact = (id: string, body: ContactBody) =>
  taken(client.PUT("/api/contacts/{contact}", { ...path(id), body }));
export const removeContact = (id: string) =>
  taken(client.DELETE("/api/contacts/{contact}", path(id)));
