// Icons of the pages that agents do not have, so that an agent's browser need not fetch them.
import {
  IconBell,
  IconChartBar,
  IconClockHour4,
  IconHeartbeat,
  IconMicrophone2,
  IconPlugConnected,
  IconRoute,
  IconSettings,
  IconSitemap,
  IconStack2,
  IconUsers,
  IconUsersPlus,
  type TablerIcon,
} from "@tabler/icons-react";
import type { PageKey } from "@/state/session";

const ICONS: Partial<Record<PageKey, TablerIcon>> = {
  queues: IconStack2,
  agents: IconUsers,
  floor: IconBell,
  reports: IconChartBar,
  staffing: IconUsersPlus,
  flows: IconSitemap,
  routes: IconRoute,
  hours: IconClockHour4,
  prompts: IconMicrophone2,
  admin: IconSettings,
  connections: IconPlugConnected,
  health: IconHeartbeat,
};

export function OfficeIcon({ page }: { page: PageKey }) {
  const Icon = ICONS[page];
  return Icon && <Icon size={22} stroke={1.7} aria-hidden />;
}
