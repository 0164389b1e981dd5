// Words to look for that stand in the address: while one types it is replaced, so that the back button does not
// go through the letters.
import { useDebouncedCallback } from "@mantine/hooks";
import { useEffect, useRef, useState } from "react";

const WAIT_MS = 400;

/** What stands in the field, and how to type another. `there`: in the address; `onWords` puts it there. */
export function useWords(
  there: string,
  onWords: (words: string) => void,
): [string, (text: string) => void] {
  const [text, setText] = useState(there);
  const told = useRef(there);
  const change = useRef(onWords);
  change.current = onWords;
  const later = useDebouncedCallback((words: string) => {
    told.current = words;
    change.current(words);
  }, WAIT_MS);
  // Back, forward and "show all" change the address from outside.
  useEffect(() => {
    if (there === told.current) return;
    told.current = there;
    setText(there);
  }, [there]);
  return [
    text,
    (typed) => {
      setText(typed);
      later(typed);
    },
  ];
}
