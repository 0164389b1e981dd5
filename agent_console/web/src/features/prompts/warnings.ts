// What the converter found worth telling about a sound it took.
import type { TFunction } from "i18next";

const KNOWN = ["clipped", "quiet", "damaged", "narrow"] as const;

export function warningText(t: TFunction, warning: string): string {
  const known = KNOWN.find((one) => one === warning);
  return known === undefined ? warning : t(`soundWarning.${known}`);
}
