import { afterEach, describe, expect, it } from "vitest";
import { ownKey } from "@/state/own_store";
import { queryClient, sessionQuery } from "@/state/session";
import { steady } from "@/state/steady";
import type { Session } from "@/wire/rest";

const signIn = (id: string) =>
  queryClient.setQueryData(sessionQuery.queryKey, { id, login: id, name: id } as Session);

afterEach(() => queryClient.clear());

describe("what is kept in a shared browser", () => {
  it("has another name for each person, and the same for one who comes back", () => {
    signIn("ada");
    const first = ownKey("cc-form-task-new");
    queryClient.clear();
    signIn("ben");
    const other = ownKey("cc-form-task-new");
    queryClient.clear();
    signIn("ada");
    expect(other).not.toBe(first);
    expect(ownKey("cc-form-task-new")).toBe(first);
  });
});

describe("an answer worked out of the live picture", () => {
  it("is the same object until something in it differs", () => {
    const names = steady((rows: Record<string, { name: string; since: number }>) =>
      Object.fromEntries(Object.entries(rows).map(([id, { name }]) => [id, name])),
    );
    const first = names({ a: { name: "Ada", since: 1 } });
    expect(names({ a: { name: "Ada", since: 2 } })).toBe(first);
    expect(names({ a: { name: "Eve", since: 2 } })).toEqual({ a: "Eve" });
    expect(names({ a: { name: "Eve", since: 3 }, b: { name: "Ben", since: 3 } })).toEqual({
      a: "Eve",
      b: "Ben",
    });
  });
});
