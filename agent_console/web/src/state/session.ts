// Who is signed in, as the server says; one query everybody shares.
import { QueryClient, queryOptions, useSuspenseQuery } from "@tanstack/react-query";
import { ApiError, readSession, type Session } from "@/wire/rest";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: false,
      retry: (tries, error) => tries < 2 && error instanceof ApiError && error.status === 0,
    },
  },
});

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: readSession,
  staleTime: Number.POSITIVE_INFINITY,
});

export function useSession(): Session {
  return useSuspenseQuery(sessionQuery).data;
}

export type PageKey =
  | "desk"
  | "calls"
  | "customers"
  | "tickets"
  | "tasks"
  | "knowledge"
  | "queues"
  | "agents"
  | "floor"
  | "reports"
  | "staffing"
  | "recordings"
  | "quality"
  | "voicemail"
  | "callbacks"
  | "flows"
  | "routes"
  | "hours"
  | "prompts"
  | "admin"
  | "connections"
  | "health";

/** Which pages a person has. An agent's pages belong to whoever has an agent, whatever the role. */
export function pagesOf(session: Session): PageKey[] {
  const agent: PageKey[] = session.agent !== null ? ["desk"] : [];
  const common: PageKey[] = [
    "calls",
    "recordings",
    "quality",
    "voicemail",
    "callbacks",
    "customers",
    "tickets",
    "tasks",
    "knowledge",
  ];
  if (session.role === "agent") return [...agent, ...common];
  const watch: PageKey[] = ["queues", "agents", "floor", "reports", "staffing"];
  if (session.role === "supervisor") return [...agent, ...watch, ...common, "hours"];
  return [
    ...agent,
    ...watch,
    ...common,
    "flows",
    "prompts",
    "routes",
    "hours",
    "admin",
    "connections",
    "health",
  ];
}

export const PATHS = {
  desk: "/desk",
  calls: "/calls",
  customers: "/customers",
  tickets: "/tickets",
  tasks: "/tasks",
  knowledge: "/knowledge",
  queues: "/live/queues",
  agents: "/live/agents",
  floor: "/live/floor",
  reports: "/reports",
  staffing: "/staffing",
  recordings: "/recordings",
  quality: "/quality",
  voicemail: "/voicemail",
  callbacks: "/callbacks",
  flows: "/flows",
  routes: "/routes",
  hours: "/hours",
  prompts: "/prompts",
  admin: "/admin",
  connections: "/connections",
  health: "/health",
} as const satisfies Record<PageKey, string>;

/** Where a person begins. Who was made by single sign-on may have no agent yet, so no desk. */
export function homeOf(session: Session): (typeof PATHS)[PageKey] {
  if (session.role === "agent") return session.agent === null ? "/calls" : "/desk";
  return session.role === "supervisor" ? "/live/queues" : "/admin";
}
