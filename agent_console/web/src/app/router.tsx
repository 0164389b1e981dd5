// The pages and who gets which. Pages of supervisors and administrators are loaded only by them: see
// `lazy_page` for how one is added.
import { createRoute, createRouter, redirect } from "@tanstack/react-router";
import * as addresses from "@/state/addresses";
import { homeOf } from "@/state/session";
import { AgentDesk } from "./agent_desk";
import { chosen, guard, signedIn } from "./entrance";
import { firstRun, login, root, secondFactor } from "./entry_routes";
import { Frame } from "./frame";
import { lazyPage } from "./lazy_page";
import { LoadFailure } from "./odd_pages";

const inside = createRoute({
  getParentRoute: () => root,
  id: "inside",
  beforeLoad: signedIn,
  component: Frame,
});

const index = createRoute({
  getParentRoute: () => inside,
  path: "/",
  beforeLoad: async () => {
    throw redirect({ to: homeOf(await signedIn()) });
  },
});

const desk = createRoute({
  getParentRoute: () => inside,
  path: "/desk",
  beforeLoad: guard("desk"),
  component: AgentDesk,
});
const calls = createRoute({
  getParentRoute: () => inside,
  path: "/calls",
  beforeLoad: guard("calls"),
  component: lazyPage(() => import("@/features/history/calls_page"), "CallsPage", "detail"),
  validateSearch: addresses.everyText<addresses.CallsSearch>,
});
const recordings = createRoute({
  getParentRoute: () => inside,
  path: "/recordings",
  beforeLoad: guard("recordings"),
  component: lazyPage(
    () => import("@/features/recordings/recordings_page"),
    "RecordingsPage",
    "recordings",
    "quality",
  ),
  validateSearch: addresses.everyText<addresses.RecordingsSearch>,
});
const quality = createRoute({
  getParentRoute: () => inside,
  path: "/quality",
  beforeLoad: guard("quality"),
  component: lazyPage(
    () => import("@/features/quality/quality_page"),
    "QualityPage",
    "quality",
    "recordings",
  ),
  validateSearch: addresses.qualitySearch,
});
const customers = createRoute({
  getParentRoute: () => inside,
  path: "/customers",
  beforeLoad: guard("customers"),
  component: lazyPage(() => import("@/features/customers/customers_page"), "CustomersPage", "crm"),
  validateSearch: addresses.customersSearch,
});
const tickets = createRoute({
  getParentRoute: () => inside,
  path: "/tickets",
  beforeLoad: guard("tickets"),
  component: lazyPage(
    () => import("@/features/tickets/tickets_page"),
    "TicketsPage",
    "crm",
    "knowledge",
  ),
  validateSearch: addresses.everyText<addresses.TicketsSearch>,
});
const tasks = createRoute({
  getParentRoute: () => inside,
  path: "/tasks",
  beforeLoad: guard("tasks"),
  component: lazyPage(() => import("@/features/tasks/tasks_page"), "TasksPage", "crm"),
});
const knowledge = createRoute({
  getParentRoute: () => inside,
  path: "/knowledge",
  beforeLoad: guard("knowledge"),
  component: lazyPage(
    () => import("@/features/knowledge/knowledge_page"),
    "KnowledgePage",
    "knowledge",
  ),
  validateSearch: addresses.knowledgeSearch,
});
const queues = createRoute({
  getParentRoute: () => inside,
  path: "/live/queues",
  validateSearch: chosen("queue"),
  beforeLoad: guard("queues"),
  component: lazyPage(
    () => import("@/features/supervisor/queues_page"),
    "QueuesPage",
    "office",
    "hearing",
  ),
});
const agents = createRoute({
  getParentRoute: () => inside,
  path: "/live/agents",
  beforeLoad: guard("agents"),
  component: lazyPage(
    () => import("@/features/supervisor/agents_page"),
    "AgentsPage",
    "office",
    "hearing",
  ),
});
const floor = createRoute({
  getParentRoute: () => inside,
  path: "/live/floor",
  validateSearch: chosen("tab"),
  beforeLoad: guard("floor"),
  component: lazyPage(() => import("@/features/floor/floor_page"), "FloorPage", "office", "floor"),
});
const wall = createRoute({
  getParentRoute: () => root,
  path: "/wall",
  validateSearch: chosen("token"),
  component: lazyPage(() => import("@/features/wall/wall_page"), "WallPage", "floor"),
});
const reports = createRoute({
  getParentRoute: () => inside,
  path: "/reports",
  beforeLoad: guard("reports"),
  component: lazyPage(() => import("@/features/reports/reports_page"), "ReportsPage", "reports"),
  validateSearch: addresses.everyText<addresses.ReportsSearch>,
});
const staffing = createRoute({
  getParentRoute: () => inside,
  path: "/staffing",
  beforeLoad: guard("staffing"),
  component: lazyPage(() => import("@/features/staffing/staffing_tabs"), "StaffingTabs", "reports"),
  validateSearch: addresses.everyText<addresses.StaffingSearch>,
});
const admin = createRoute({
  getParentRoute: () => inside,
  path: "/admin",
  validateSearch: chosen("tab"),
  beforeLoad: guard("admin"),
  component: lazyPage(
    () => import("@/features/admin/admin_page"),
    "AdminPage",
    "office",
    "entry",
    "rules",
  ),
});
const flows = createRoute({
  getParentRoute: () => inside,
  path: "/flows",
  beforeLoad: guard("flows"),
  component: lazyPage(() => import("@/features/flows/flows_page"), "FlowsPage", "flows"),
});
const designer = createRoute({
  getParentRoute: () => inside,
  path: "/flows/$flow",
  beforeLoad: guard("flows"),
  component: lazyPage(() => import("@/features/flows/designer_page"), "DesignerPage", "flows"),
});
const routes = createRoute({
  getParentRoute: () => inside,
  path: "/routes",
  validateSearch: chosen("tab"),
  beforeLoad: guard("routes"),
  component: lazyPage(() => import("@/features/rules/routes_page"), "RoutesPage", "rules"),
});
const hours = createRoute({
  getParentRoute: () => inside,
  path: "/hours",
  validateSearch: chosen("calendar"),
  beforeLoad: guard("hours"),
  component: lazyPage(() => import("@/features/rules/hours_page"), "HoursPage", "rules"),
});
const callbacks = createRoute({
  getParentRoute: () => inside,
  path: "/callbacks",
  beforeLoad: guard("callbacks"),
  component: lazyPage(
    () => import("@/features/callbacks/callbacks_page"),
    "CallbacksPage",
    "sound",
  ),
  validateSearch: addresses.everyText<addresses.CallbacksSearch>,
});
const voicemail = createRoute({
  getParentRoute: () => inside,
  path: "/voicemail",
  beforeLoad: guard("voicemail"),
  component: lazyPage(
    () => import("@/features/voicemail/voicemail_page"),
    "VoicemailPage",
    "sound",
  ),
  validateSearch: chosen("open"),
});
const prompts = createRoute({
  getParentRoute: () => inside,
  path: "/prompts",
  beforeLoad: guard("prompts"),
  component: lazyPage(() => import("@/features/prompts/prompts_page"), "PromptsPage", "sound"),
});
const dial = createRoute({
  getParentRoute: () => inside,
  path: "/dial",
  validateSearch: chosen("number"),
  component: lazyPage(() => import("@/features/dial/dial_page"), "DialPage", "sound"),
});
const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyPage(
    () => import("@/features/account/account_page"),
    "AccountPage",
    "entry",
    "account",
  ),
});
const connections = createRoute({
  getParentRoute: () => inside,
  path: "/connections",
  validateSearch: chosen("tab"),
  beforeLoad: guard("connections"),
  component: lazyPage(
    () => import("@/features/connections/connections_page"),
    "ConnectionsPage",
    "connections",
  ),
});
const health = createRoute({
  getParentRoute: () => inside,
  path: "/health",
  beforeLoad: guard("health"),
  component: lazyPage(() => import("@/features/health/health_page"), "HealthPage", "office"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    inside.addChildren([
      index,
      desk,
      calls,
      recordings,
      quality,
      customers,
      tickets,
      tasks,
      knowledge,
      queues,
      agents,
      floor,
      reports,
      staffing,
      flows,
      designer,
      routes,
      hours,
      voicemail,
      callbacks,
      prompts,
      admin,
      connections,
      dial,
      account,
      health,
    ]),
    login,
    secondFactor,
    firstRun,
    wall,
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: LoadFailure,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
