// Keys of the designer, with a modifier each (but Delete), and never while something is typed. Copy and
// paste are the browser's own, so that they need no permission and reach other tabs and programs.
import { useEffect } from "react";
import { copySelected, pasteText } from "./model/clipping";
import { flowNow, redoOnce, removeSelected, select, undoOnce } from "./model/editor";

const TYPING = "input, textarea, select, [contenteditable=true], [role=dialog]";

function typing(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TYPING) !== null;
}

export function useEditorKeys(openSearch: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const held = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (held && key === "f") openSearch();
      else if (typing(event.target)) return;
      else if (held && key === "z") event.shiftKey ? redoOnce() : undoOnce();
      else if (held && key === "y") redoOnce();
      else if (held && key === "a") select(Object.keys(flowNow().nodes));
      else if (!held && (key === "delete" || key === "backspace")) removeSelected();
      else return;
      event.preventDefault();
    };
    const copy = (event: ClipboardEvent) => {
      const text = typing(event.target) ? null : copySelected();
      if (text === null || String(getSelection() ?? "") !== "") return;
      event.clipboardData?.setData("text/plain", text);
      if (event.type === "cut") removeSelected();
      event.preventDefault();
    };
    const insert = (event: ClipboardEvent) => {
      if (typing(event.target)) return;
      if (pasteText(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    window.addEventListener("keydown", press);
    window.addEventListener("copy", copy);
    window.addEventListener("cut", copy);
    window.addEventListener("paste", insert);
    return () => {
      window.removeEventListener("keydown", press);
      window.removeEventListener("copy", copy);
      window.removeEventListener("cut", copy);
      window.removeEventListener("paste", insert);
    };
  }, [openSearch]);
}
