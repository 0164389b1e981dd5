// A value that changes a hundred times a second, shown four times: nobody reads faster, and between two
// pictures the page has time for the mouse and the keyboard.
import { useEffect, useRef, useState } from "react";

const EVERY_MS = 250;

export function useCalm<T>(value: T): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, shownAt.current + EVERY_MS - Date.now());
    const timer = setTimeout(() => {
      shownAt.current = Date.now();
      setShown(value);
    }, wait);
    return () => clearTimeout(timer);
  }, [value]);
  return shown;
}
