// The agent's one page: waiting for work, or working on a call. Which of the two is the server's word;
// what to show before the shift starts is given by the app (`preFlight`). The screen for calls is fetched
// as soon as the desk stands, so it is there before the first ring and does not delay the desk.
import { Box } from "@mantine/core";
import { type ReactNode, useEffect, useLayoutEffect } from "react";
import { Rows } from "@/components/feedback";
import { Late, late } from "@/components/late";
import { useConsole, useOwnRow } from "@/state/console";
import { ownCalls } from "@/state/live";
import { Idle } from "./idle";
import { ParkedRows } from "./parked_rows";

const callDesk = late(async () => (await import("./call_desk")).CallDesk);

export function DeskPage({ preFlight }: { preFlight: ReactNode }) {
  const known = useConsole((state) => state.live.known);
  const row = useOwnRow();
  const call = useConsole(({ live }) => ownCalls(live)[0] ?? null);
  const shown = !known ? "nothing" : call !== null ? call.call : (row?.state ?? "");
  const page = shown === "offline" || shown === "" ? "pre-flight" : call === null ? "idle" : shown;
  useEffect(() => {
    // A failure here is shown by the part itself, when there is a call.
    callDesk.fetch().catch(() => undefined);
  }, []);
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
  if (call !== null) {
    const meanwhile = <Rows count={5} height={72} />;
    return (
      <>
        <ParkedRows />
        <Late key={call.call} part={callDesk} props={{ row: call }} meanwhile={meanwhile} />
      </>
    );
  }
  if (row === null || row.state === "offline") return preFlight;
  return (
    <>
      <ParkedRows />
      <Idle row={row} />
    </>
  );
}
