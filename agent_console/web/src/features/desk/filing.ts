// Filing the form of a call before it is closed. When the server's database is away the call is closed all
// the same: the draft has what was typed.
import { type Draft, isEmpty } from "@/state/draft";
import type { CallRow } from "@/wire/messages";
import { ApiError, fileCallForm } from "@/wire/rest";

const noTime = () =>
  new ApiError(422, "invalid", "the follow-up needs a time", "", {
    "follow_up.due": "the follow-up needs a time",
  });
const AWAY = new Set([0, 503]);

export async function fileForm(row: CallRow, draft: Draft, timeOver: boolean): Promise<void> {
  const { followUp, note: _, ...rest } = draft;
  if (isEmpty({ ...rest, followUp, note: "" })) return;
  const due = followUp === null ? null : new Date(followUp.due);
  if (due !== null && Number.isNaN(due.getTime()) && !timeOver) throw noTime();
  try {
    await fileCallForm(row.part_of || row.call, {
      disposition: draft.disposition,
      values: draft.values,
      time_over: timeOver,
      ...(followUp === null || due === null || Number.isNaN(due.getTime())
        ? {}
        : {
            follow_up: {
              kind: followUp.kind,
              due: due.toISOString(),
              title: followUp.title,
              owner_agent: followUp.owner === "" ? null : followUp.owner,
              queue: followUp.kind === "callback" ? followUp.queue || row.queue : null,
            },
          }),
    });
  } catch (problem) {
    if (problem instanceof ApiError && AWAY.has(problem.status)) return;
    throw problem;
  }
}
