// The server looks at what is drawn, a moment after each change; an answer to an older state is thrown
// away.
import { useEffect, useState } from "react";
import { checkFlow } from "@/wire/flows";
import { flowNow, setMistakes, useEditor } from "./model/editor";
import { type Flow, writeFlow } from "./model/flow";

const QUIET_MS = 350;
const AGAIN_MS = 5_000;

/** True while the server cannot be asked. */
export function useChecking(): boolean {
  const flow = useEditor((state) => state.history.present);
  const [away, setAway] = useState(false);
  useEffect(() => {
    if (flow.id === "") return;
    let timer: ReturnType<typeof setTimeout>;
    const look = async (now: Flow) => {
      try {
        const mistakes = await checkFlow(writeFlow(now));
        if (flowNow() !== now) return;
        setMistakes(mistakes);
        setAway(false);
      } catch {
        if (flowNow() !== now) return;
        setAway(true);
        timer = setTimeout(() => void look(now), AGAIN_MS);
      }
    };
    timer = setTimeout(() => void look(flow), QUIET_MS);
    return () => clearTimeout(timer);
  }, [flow]);
  return away;
}
