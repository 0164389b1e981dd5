// Requests about signing in: sessions, the second factor, single sign-on.
import type { components } from "./generated/api";
import { client, taken } from "./rest";

type Schemas = components["schemas"];
export type Role = Schemas["RoleRuleBody"]["role"];
export type SignedInAt = Schemas["SessionRead"];
export type SessionList = Schemas["SessionList"];
export type Factor = Schemas["FactorRead"];
export type NewFactor = Schemas["NewFactor"];
export type SignInRules = Schemas["SignInRulesRead"];
export type SignInRulesBody = Schemas["SignInRulesBody"];

/** `user` null: the own ones. */
export const listSessions = (user: string | null) =>
  user === null
    ? taken(client.GET("/api/sessions"))
    : taken(client.GET("/api/users/{user}/sessions", { params: { path: { user } } }));
export const endSession = (user: string | null, session: string) =>
  user === null
    ? taken(client.DELETE("/api/sessions/{session}", { params: { path: { session } } }))
    : taken(
        client.DELETE("/api/users/{user}/sessions/{session}", {
          params: { path: { user, session } },
        }),
      );
export const endSessions = (user: string | null) =>
  user === null
    ? taken(client.POST("/api/sessions/end-others"))
    : taken(client.POST("/api/users/{user}/sessions/end", { params: { path: { user } } }));

export const readFactor = () => taken(client.GET("/api/second-factor"));
export const beginFactor = (password: string) =>
  taken(client.POST("/api/second-factor", { body: { password } }));
export const confirmFactor = (code: string) =>
  taken(client.POST("/api/second-factor/confirm", { body: { code } }));
export const renewCodes = (password: string, code: string) =>
  taken(client.POST("/api/second-factor/codes", { body: { password, code } }));
export const switchFactorOff = (password: string, code: string) =>
  taken(client.POST("/api/second-factor/off", { body: { password, code } }));
export const readFactorOf = (user: string) =>
  taken(client.GET("/api/users/{user}/second-factor", { params: { path: { user } } }));
export const resetFactorOf = (user: string) =>
  taken(client.DELETE("/api/users/{user}/second-factor", { params: { path: { user } } }));

export const readLinkOf = (user: string) =>
  taken(client.GET("/api/users/{user}/sso", { params: { path: { user } } }));
export const unlink = (user: string) =>
  taken(client.DELETE("/api/users/{user}/sso", { params: { path: { user } } }));

export const readSso = () => taken(client.GET("/api/sso"));
export const startSso = () => taken(client.POST("/api/sso/start"));

export const readSignInRules = () => taken(client.GET("/api/sign-in"));
export const putSignInRules = (body: SignInRulesBody) =>
  taken(client.PUT("/api/sign-in", { body }));
export const tryProvider = (issuer: string) =>
  taken(client.POST("/api/sign-in/test", { body: { issuer } }));
