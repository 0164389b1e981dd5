// How far the page was scrolled, by its place in the browser's history: who comes back from the calls behind a
// number finds it where it was.
import { useLocation } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useRef } from "react";

const NAME = "cc-report-place:";

/** `ready`: what gives the page its height is there. */
export function useKeptPlace(ready: boolean): void {
  const entry = useLocation().state.__TSR_key ?? "";
  const done = useRef("");
  useLayoutEffect(() => {
    if (!ready || done.current === entry) return;
    done.current = entry;
    const kept = Number(sessionStorage.getItem(NAME + entry));
    if (kept > 0) window.scrollTo(0, kept);
  }, [entry, ready]);
  useEffect(() => {
    if (!ready) return;
    const keep = () => sessionStorage.setItem(NAME + entry, String(Math.round(window.scrollY)));
    window.addEventListener("scroll", keep, { passive: true });
    return () => window.removeEventListener("scroll", keep);
  }, [entry, ready]);
}
