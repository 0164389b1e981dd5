// Copying and pasting of what is selected.
import { copyText, paste, readCopied } from "./clipboard";
import { edit, flowNow, select, useEditor } from "./editor";

export function copySelected(): string | null {
  const { selected } = useEditor.getState();
  return selected.size === 0 ? null : copyText(flowNow(), selected);
}

/** False: the text is no part of a flow. */
export function pasteText(text: string): boolean {
  const part = readCopied(text);
  if (part === null) return false;
  const pasted = paste(flowNow(), part, null);
  edit("", () => pasted.flow);
  select(pasted.ids);
  return true;
}

export function duplicateSelected(): void {
  const text = copySelected();
  if (text !== null) pasteText(text);
}
