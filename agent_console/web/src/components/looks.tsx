// One map of colours, icons and words for the states of agents and calls, used by every page. A colour
// never stands alone: icon and word are always with it.
import {
  IconAlertTriangle,
  IconBellRinging,
  IconCoffee,
  IconHeadset,
  IconPencil,
  IconPhoneCall,
  IconPlayerPause,
  IconPower,
  type TablerIcon,
} from "@tabler/icons-react";
import type { AgentState, CallStage } from "@/wire/messages";

interface Look {
  color: string;
  icon: TablerIcon;
}

export const AGENT_LOOKS: Record<AgentState, Look> = {
  available: { color: "green", icon: IconHeadset },
  offered: { color: "yellow", icon: IconBellRinging },
  talking: { color: "blue", icon: IconPhoneCall },
  hold: { color: "violet", icon: IconPlayerPause },
  "wrap-up": { color: "orange", icon: IconPencil },
  paused: { color: "gray", icon: IconCoffee },
  offline: { color: "gray", icon: IconPower },
  unreachable: { color: "red", icon: IconAlertTriangle },
};

/** The line that marks a card with its state; states without work are quiet. */
export function stateLine(state: AgentState): string {
  if (state === "offline" || state === "paused") return "var(--cc-quiet-line)";
  return `var(--mantine-color-${AGENT_LOOKS[state].color}-filled)`;
}

export const STAGE_COLORS: Record<CallStage, string> = {
  dialling: "cyan",
  menu: "gray",
  waiting: "yellow",
  offered: "yellow",
  talking: "blue",
  held: "violet",
  parked: "grape",
  outside: "teal",
  "wrap-up": "orange",
  diverted: "gray",
};
