// The palette and the sheet of keys: asked for by keys or a menu, and loaded only then, since most people
// work for days without either. A load that fails is told in the corner; the page stays as it is.
import { useCallback, useEffect, useState } from "react";
import { type LatePart, late } from "@/components/late";
import { useCommand } from "@/components/use_command";
import { closeKeySheet, openKeySheet, useKeySheet } from "@/state/key_sheet";
import { useShortcut } from "@/state/shortcuts";

type Part = LatePart<object>;

const PALETTE: Part = late(async () => (await import("./palette")).Palette);
const SHEET: Part = late(async () => (await import("./key_sheet")).KeySheet);

export function ByKeys() {
  const palette = useAsked(PALETTE);
  const sheet = useAsked(SHEET);
  const wanted = useKeySheet((state) => state.open);
  // The palette opens as it comes, and listens by itself from then on.
  useShortcut("palette", () => void palette.ask());
  useShortcut("sheet", openKeySheet);
  const { ask } = sheet;
  useEffect(() => {
    if (wanted) void ask().then((here) => here || closeKeySheet());
  }, [wanted, ask]);
  return (
    <>
      {palette.Shown !== null && <palette.Shown />}
      {sheet.Shown !== null && <sheet.Shown />}
    </>
  );
}

/** Nothing is shown before it was asked for; `ask` says whether it is there. */
function useAsked(part: Part) {
  const [asked, setAsked] = useState(false);
  const { run } = useCommand();
  const ask = useCallback(async () => {
    const here = await run(() => part.fetch());
    if (here) setAsked(true);
    return here;
  }, [part, run]);
  return { Shown: asked ? part.loaded : null, ask };
}
