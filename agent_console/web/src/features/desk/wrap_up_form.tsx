// How the call ends for the books: outcome, own fields, note and what follows, usable from the first ring,
// filed in the wrap-up. The draft is saved all the time; what was typed is not lost when the time runs out.
import { Card, Group, Stack, Text, Textarea, Title } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Late, late } from "@/components/late";
import { notify } from "@/components/notices";
import { ShrinkingBar } from "@/components/shrinking_bar";
import { useCommand } from "@/components/use_command";
import { useChoices } from "@/state/choices";
import { useServerSecond } from "@/state/clock";
import { command, useLinked } from "@/state/console";
import { defaultOf, outcomesFor } from "@/state/dispositions";
import { isEmpty, useDraft } from "@/state/draft";
import { needTexts } from "@/state/i18n";
import { useShortcut } from "@/state/shortcuts";
import type { CallRow } from "@/wire/messages";
import { ApiError } from "@/wire/rest";
import { fileForm } from "./filing";
import { OutcomeChoice } from "./outcome_choice";
import { WrapUpButtons } from "./wrap_up_buttons";

const NOTE_MAX = 8_000;
/** What was typed is handed in this long before the time is up. */
const HAND_IN_SECONDS = 2;

/** Own fields and the follow-up: not needed to be rung. */
const MORE = late(async () => {
  const [part] = await Promise.all([
    import("@/components/call_forms/form_more"),
    needTexts("crm"),
    needTexts("knowledge"),
  ]);
  return part.FormMore;
});

export function WrapUpForm({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const outcomes = outcomesFor(useChoices(), row.queue);
  const { draft, saved, change, forget } = useDraft(row.part_of || row.call);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const card = useRef<HTMLDivElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const wrapUp = row.stage === "wrap-up";
  const missing = t("wrapUp.missing");
  useEffect(() => {
    if (Object.keys(errors).length > 0) focusFirst(card.current);
  }, [errors]);

  const { run, pending } = useCommand(
    useCallback(
      (code: string) => {
        if (code !== "disposition-missing") return false;
        setErrors({ disposition: missing });
        return true;
      },
      [missing],
    ),
  );
  const finish = async (
    then: "available" | "pause",
    disposition = draft.disposition,
    timeOver = false,
  ) => {
    const done = await run(async () => {
      try {
        await fileForm(row, { ...draft, disposition }, timeOver);
      } catch (problem) {
        if (!(problem instanceof ApiError) || Object.keys(problem.fields).length === 0)
          throw problem;
        setErrors(problem.fields);
        throw problem;
      }
      const { note } = draft;
      await command({ type: "finish_wrap_up", call: row.call, disposition, note, then });
    });
    if (!done) return;
    forget();
    notify({ color: "green", message: t("wrapUp.done") });
  };
  useHandIn(row, !isEmpty(draft), () => {
    void finish("available", draft.disposition || defaultOf(outcomes), true);
  });
  useShortcut("finish", () => void (wrapUp && finish("available")));
  useShortcut("note", () => note.current?.focus());

  return (
    <Card withBorder ref={card} data-testid="wrap-up-form">
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={3} size="h5">
            {t("wrapUp.title")}
          </Title>
          {saved !== "clean" && (
            <Text size="xs" c={saved === "failed" ? "red" : "dimmed"}>
              {t(`draft.${saved}`)}
            </Text>
          )}
        </Group>
        <OutcomeChoice
          outcomes={outcomes}
          queue={row.queue}
          value={draft.disposition}
          error={errors.disposition ?? ""}
          onChange={(disposition) => {
            setErrors({});
            change({ disposition });
          }}
        />
        <Textarea
          ref={note}
          label={t("wrapUp.note")}
          description={t("wrapUp.noteKeys")}
          autosize
          minRows={5}
          maxRows={16}
          maxLength={NOTE_MAX}
          value={draft.note}
          onChange={(event) => change({ note: event.currentTarget.value })}
        />
        <Late part={MORE} props={{ row, outcomes, draft, errors, change }} />
        {wrapUp && row.wrap_up_until !== null && (
          <ShrinkingBar from={row.since} until={row.wrap_up_until} />
        )}
        {wrapUp ? (
          <WrapUpButtons row={row} linked={linked} pending={pending} finish={finish} />
        ) : (
          <Text size="sm" c="dimmed">
            {t("wrapUp.later")}
          </Text>
        )}
      </Stack>
    </Card>
  );
}

/** Called when the errors stand in the page. */
function focusFirst(card: HTMLElement | null): void {
  const first = card?.querySelector<HTMLElement>(
    '[aria-invalid="true"], [data-invalid] input, [role="radiogroup"][data-invalid] input',
  );
  first?.focus();
}

/** Hands in once, shortly before the wrap-up ends by itself, when there is something to hand in. */
function useHandIn(row: CallRow, something: boolean, handIn: () => void) {
  const second = useServerSecond();
  const handed = useRef(0);
  const latest = useRef(handIn);
  latest.current = handIn;
  const until = row.stage === "wrap-up" ? row.wrap_up_until : null;
  useEffect(() => {
    if (until === null || !something || handed.current === until) return;
    if (until - second > HAND_IN_SECONDS) return;
    handed.current = until;
    latest.current();
  }, [until, something, second]);
}
