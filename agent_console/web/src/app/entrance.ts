// Who is let onto a page, and what of its address is kept.
import { redirect } from "@tanstack/react-router";
import { homeOf, type PageKey, pagesOf, queryClient, sessionQuery } from "@/state/session";
import { ApiError, readFirstRun, type Session } from "@/wire/rest";

export async function signedIn(): Promise<Session> {
  let session: Session | null = null;
  try {
    session = await queryClient.ensureQueryData(sessionQuery);
  } catch (problem) {
    if (!(problem instanceof ApiError) || problem.status !== 401) throw problem;
  }
  if (session?.limited) throw redirect({ to: "/second-factor" });
  if (session !== null) return session;
  const { open } = await readFirstRun();
  throw redirect({ to: open ? "/first-run" : "/login" });
}

/** A page that the person does not have leads home, without a word about what it was. */
export const guard = (page: PageKey) => async () => {
  const session = await signedIn();
  if (!pagesOf(session).includes(page)) throw redirect({ to: homeOf(session) });
};

/** What is chosen on a page stands in its address, so that reload and back find it again. */
export const chosen =
  <Name extends string>(name: Name) =>
  (search: Record<string, unknown>): { [Key in Name]?: string } =>
    (typeof search[name] === "string" ? { [name]: search[name] } : {}) as {
      [Key in Name]?: string;
    };
