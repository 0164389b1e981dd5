// The drawer in which an interaction opens: loaded with the first one, and kept so that it can glide out.
import { useRef } from "react";
import { needTexts } from "@/state/i18n";
import type { InteractionDrawerProps } from "./interaction_drawer_open";
import { Late, late } from "./late";

const drawer = late(async () => {
  const [part] = await Promise.all([import("./interaction_drawer_open"), needTexts("detail")]);
  return part.OpenDrawer;
});

export function InteractionDrawer(props: InteractionDrawerProps) {
  const wanted = useRef(false);
  wanted.current ||= props.call !== null;
  return wanted.current ? <Late part={drawer} props={props} /> : null;
}
