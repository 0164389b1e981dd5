// A part of the live picture that changes a hundred times a second, shown four times: nobody reads faster,
// and between two pictures the page has time for the mouse and the keyboard. A change after a pause is
// shown at once.
import { useEffect, useState } from "react";
import { useConsole } from "./console";
import type { Live } from "./live";

const EVERY_MS = 250;

/** `pick` must be the same function each time. */
export function useCalm<T>(pick: (live: Live) => T): T {
  const [shown, setShown] = useState(() => pick(useConsole.getState().live));
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    let shownAt = 0;
    const show = () => {
      timer = null;
      shownAt = Date.now();
      setShown(() => pick(useConsole.getState().live));
    };
    const changed = () => {
      timer ??= setTimeout(show, Math.max(0, shownAt + EVERY_MS - Date.now()));
    };
    changed();
    const stop = useConsole.subscribe(({ live }, before) => {
      if (pick(live) !== pick(before.live)) changed();
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [pick]);
  return shown;
}
