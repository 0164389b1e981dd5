// How the call ends for the books: outcome and note, usable from the first ring, finished in the
// wrap-up. The draft is saved all the time; what was typed is not lost when the time runs out.

import {
  Button,
  Card,
  Chip,
  Group,
  Input,
  Select,
  Stack,
  Text,
  Textarea,
  Title,
} from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconCheck, IconClockPlus, IconPlayerPause } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "@/components/notices";
import { ShrinkingBar } from "@/components/shrinking_bar";
import { useCommand } from "@/components/use_command";
import { dispositionsFor, nameOf, useChoices, useLanguage } from "@/state/choices";
import { useServerSecond } from "@/state/clock";
import { command, useLinked } from "@/state/console";
import { useDraft } from "@/state/draft";
import type { CallRow } from "@/wire/messages";
import type { DispositionChoice } from "@/wire/rest";

const CHIPS_MAX = 8;
const NOTE_MAX = 8_000;
/** What was typed is handed in this long before the time is up. */
const HAND_IN_SECONDS = 2;

export function WrapUpForm({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const linked = useLinked();
  const choices = useChoices();
  const options = dispositionsFor(choices, row.queue);
  const { draft, saved, change, forget } = useDraft(row.part_of || row.call);
  const [missing, setMissing] = useState(false);
  const field = useRef<HTMLDivElement>(null);
  const note = useRef<HTMLTextAreaElement>(null);
  const wrapUp = row.stage === "wrap-up";

  const { run, pending } = useCommand(
    useCallback((code: string) => {
      if (code !== "disposition-missing") return false;
      setMissing(true);
      field.current?.querySelector("input")?.focus();
      return true;
    }, []),
  );
  const finish = async (then: "available" | "pause", disposition = draft.disposition) => {
    const done = await run(() =>
      command({ type: "finish_wrap_up", call: row.call, disposition, note: draft.note, then }),
    );
    if (!done) return;
    forget();
    notify({ color: "green", message: t("wrapUp.done") });
  };
  useHandIn(row, draft.note !== "" || draft.disposition !== "", () => {
    const standard = options.find((one) => one.default)?.code ?? "";
    void finish("available", draft.disposition || standard);
  });
  useHotkeys(
    [
      ["mod+Enter", () => void (wrapUp && finish("available"))],
      ["alt+N", () => note.current?.focus()],
    ],
    [],
    true,
  );

  return (
    <Card withBorder>
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
        <div ref={field}>
          <Dispositions
            options={options}
            value={draft.disposition}
            error={missing ? t("wrapUp.missing") : ""}
            onChange={(disposition) => {
              setMissing(false);
              change({ disposition });
            }}
          />
        </div>
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

function WrapUpButtons({
  row,
  linked,
  pending,
  finish,
}: {
  row: CallRow;
  linked: boolean;
  pending: boolean;
  finish: (then: "available" | "pause") => Promise<void>;
}) {
  const { t } = useTranslation();
  const extend = useCommand();
  return (
    <Stack gap="xs">
      <Button
        color="green"
        size="md"
        leftSection={<IconCheck size={18} />}
        disabled={!linked}
        loading={pending}
        onClick={() => void finish("available")}
      >
        {t("wrapUp.finish")}
      </Button>

      <Button
        variant="default"
        leftSection={<IconPlayerPause size={16} />}
        disabled={!linked || pending}
        onClick={() => void finish("pause")}
      >
        {t("wrapUp.finishPause")}
      </Button>
      {row.wrap_up_until !== null && (
        <Button
          variant="default"
          leftSection={<IconClockPlus size={16} />}
          disabled={!linked || row.extensions_left === 0}
          loading={extend.pending}
          onClick={() => void extend.run(() => command({ type: "extend_wrap_up", call: row.call }))}
        >
          {t("wrapUp.extend", { count: row.extensions_left })}
        </Button>
      )}
    </Stack>
  );
}

function Dispositions({
  options,
  value,
  error,
  onChange,
}: {
  options: DispositionChoice[];
  value: string;
  error: string;
  onChange: (code: string) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (options.length > CHIPS_MAX) {
    return (
      <Select
        label={t("wrapUp.disposition")}
        withAsterisk
        searchable
        data={options.map((one) => ({ value: one.code, label: nameOf(one, language) }))}
        value={value || null}
        onChange={(code) => onChange(code ?? "")}
        error={error || undefined}
      />
    );
  }
  return (
    <Input.Wrapper
      label={t("wrapUp.disposition")}
      withAsterisk
      error={error || undefined}
      labelElement="div"
    >
      <Chip.Group value={value} onChange={(code) => onChange(String(code))}>
        <Group gap={6} mt={6} mb={6} role="radiogroup" aria-label={t("wrapUp.disposition")}>
          {options.map((one) => (
            <Chip key={one.code} value={one.code} size="sm">
              {nameOf(one, language)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Input.Wrapper>
  );
}
