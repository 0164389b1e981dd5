// The agent's one page: waiting for work, or working on a call. Which of the two is the server's word;
// what to show before the shift starts is given by the app (`preFlight`).
import { Box } from "@mantine/core";
import { type ReactNode, useLayoutEffect } from "react";
import { Rows } from "@/components/feedback";
import { useConsole, useOwnRow } from "@/state/console";
import { ownCalls } from "@/state/live";
import { CallDesk } from "./call_desk";
import { Idle } from "./idle";

export function DeskPage({ preFlight }: { preFlight: ReactNode }) {
  const known = useConsole((state) => state.live.known);
  const row = useOwnRow();
  const call = useConsole(({ live }) => ownCalls(live)[0] ?? null);
  const shown = !known ? "nothing" : call !== null ? call.call : (row?.state ?? "");
  const page = shown === "offline" || shown === "" ? "pre-flight" : call === null ? "idle" : shown;
  // Another page in the same place starts at its top.
  // biome-ignore lint/correctness/useExhaustiveDependencies: that is when it changes
  useLayoutEffect(() => {
    window.scrollTo(0, 0);
  }, [page]);
  if (!known) {
    return (
      <Box p="md">
        <Rows count={5} height={72} />
      </Box>
    );
  }
  if (call !== null) return <CallDesk key={call.call} row={call} />;
  if (row === null || row.state === "offline") return preFlight;
  return <Idle row={row} />;
}
