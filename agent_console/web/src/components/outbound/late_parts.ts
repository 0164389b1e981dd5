// What of calls by hand is fetched after the desk stands, with its texts.
import { late } from "@/components/late";
import { needTexts } from "@/state/i18n";

export const dialBox = late(async () => {
  const [part] = await Promise.all([import("./dial_box"), needTexts("outside")]);
  return part.DialBox;
});

export const outsideTargets = late(async () => {
  const [part] = await Promise.all([import("./outside_targets"), needTexts("outside")]);
  return part.OutsideTargets;
});
