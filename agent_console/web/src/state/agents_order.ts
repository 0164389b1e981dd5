// Which agents stand on the supervisor's wall, and in which order. They change state all the time; were the
// cards to follow at once, nobody could read them or press a button on one. So the order is made anew each few
// seconds, and not while somebody points at the wall or is on it with the keyboard. What a card shows, and a
// filter that is changed, is there at once.
import { type RefObject, useEffect, useMemo, useState } from "react";
import { type AgentFilter, filterAgents } from "./agents";
import { serverNow } from "./clock";
import { useConsole } from "./console";
import type { Live } from "./live";
import { steady } from "./steady";

const EVERY_MS = 3_000;
/** A mouse that rests so long is not pointing any more. */
const POINTING_MS = 5_000;
const IN_USE = ":focus-visible, [aria-expanded=true]";

const idsOf = steady<Live["agents"], string[]>(Object.keys);

/** Ids of the agents that the filter lets through; the same array as long as the order is the same. */
export function useAgentOrder(
  filter: AgentFilter,
  wall: RefObject<HTMLElement | null>,
): readonly string[] {
  const known = useConsole((state) => idsOf(state.live.agents));
  const turn = useTurn(wall);
  const same = useMemo(() => steady<{ ids: string[] }, string[]>(({ ids }) => ids), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew when agents come or go, and each turn
  return useMemo(() => {
    const rows = Object.values(useConsole.getState().live.agents);
    return same({ ids: filterAgents(rows, filter, serverNow()).map(({ agent }) => agent) });
  }, [filter, known, turn, same]);
}

/** A number that grows each few seconds, unless the wall is being used. */
function useTurn(wall: RefObject<HTMLElement | null>): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let pointedAt = 0;
    const pointed = () => {
      pointedAt = Date.now();
    };
    const place = wall.current;
    place?.addEventListener("pointermove", pointed, { passive: true });
    const timer = setInterval(() => {
      const used = Date.now() - pointedAt < POINTING_MS || place?.querySelector(IN_USE);
      if (!used) setTurn((before) => before + 1);
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
      place?.removeEventListener("pointermove", pointed);
    };
  }, [wall]);
  return turn;
}
