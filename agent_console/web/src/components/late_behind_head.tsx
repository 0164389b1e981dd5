// The head of a list behind a number, for pages that seldom show one: it comes with its texts when it is needed.

import { needTexts } from "@/state/i18n";
import type { BehindHeadProps } from "./behind_head";
import { Rows } from "./feedback";
import { Late, late } from "./late";

const head = late(async () => {
  const [part] = await Promise.all([import("./behind_head"), needTexts("reports")]);
  return part.BehindHead;
});

export const LateBehindHead = (props: BehindHeadProps) => (
  <Late part={head} props={props} meanwhile={<Rows count={1} />} />
);
