// Names in the browser's stores for what one person has typed. Several may share a computer, one after the
// other and in the same tab: whoever signs in next neither finds nor overwrites what is not his.
import { queryClient, sessionQuery } from "./session";

/** `name` for whoever is signed in now. Ask once, and keep it: the answer is another after signing out. */
export function ownKey(name: string): string {
  const who = queryClient.getQueryData(sessionQuery.queryKey)?.id ?? "";
  return `${name}~${who}`;
}
