// The desk with its pre-flight: features do not know each other, so they meet here. The pre-flight is
// loaded when a shift begins, not with every reload during one.
import { lazy, Suspense } from "react";
import { Rows } from "@/components/feedback";
import { DeskPage } from "@/features/desk/desk_page";

const PreFlight = lazy(async () => ({
  default: (await import("@/features/preflight/pre_flight")).PreFlight,
}));

export function AgentDesk() {
  return (
    <DeskPage
      preFlight={
        <Suspense fallback={<Rows count={4} height={96} />}>
          <PreFlight />
        </Suspense>
      }
    />
  );
}
