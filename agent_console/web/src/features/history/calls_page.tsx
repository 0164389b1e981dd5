// Calls that are over: looked for and scrolled through (`found_calls`); or, when the address names a figure
// of a report, the calls behind it. Each opens with its timeline.
import { useSearch } from "@tanstack/react-router";
import { Rows } from "@/components/feedback";
import { Late, late } from "@/components/late";
import type { CallsSearch } from "@/state/addresses";
import { needTexts } from "@/state/i18n";
import { FoundCalls } from "./found_calls";

const callsBehind = late(async () => {
  const [page] = await Promise.all([import("./calls_behind"), needTexts("reports")]);
  return page.CallsBehind;
});

export function CallsPage() {
  const search: CallsSearch = useSearch({ strict: false });
  return search.figure === undefined ? (
    <FoundCalls search={search} />
  ) : (
    <Late part={callsBehind} props={{ search }} meanwhile={<Rows count={8} />} />
  );
}
