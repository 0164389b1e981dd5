// The desk with its pre-flight: features do not know each other, so they meet here.
import { DeskPage } from "@/features/desk/desk_page";
import { PreFlight } from "@/features/preflight/pre_flight";

export function AgentDesk() {
  return <DeskPage preFlight={<PreFlight />} />;
}
