// The script of a call: one step after the other. How far one has come is kept by the server with the call,
// so that a reload, or the colleague who gets the call, goes on at the same place.
import { Button, Group, Stack, Text } from "@mantine/core";
import { IconArrowLeft, IconFlagCheck, IconListCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows, useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useAgentName } from "@/state/choices";
import { useConsole } from "@/state/console";
import { fillDraft } from "@/state/draft";
import {
  type CallScript,
  goOnInScript,
  readCallScript,
  type Said,
  type Script,
} from "@/wire/knowledge";
import type { CallRow } from "@/wire/messages";
import { readCard } from "@/wire/record";
import { ApiError } from "@/wire/rest";
import { stepAt, writtenBy } from "./run";
import { ScriptStepView } from "./script_step";

const callOf = (row: CallRow) => row.part_of || row.call;

export function DeskScript({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const language = row.language.startsWith("zh") ? "zh" : "en";
  const key = ["call-script", callOf(row), language];
  const query = useQuery({
    queryKey: key,
    queryFn: () => readCallScript(callOf(row), language),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={4} />;
  const { script } = query.data;
  if (script === null) {
    return <Empty icon={IconListCheck} title={t("script.none")} hint={t("script.noneHint")} />;
  }
  return <Following row={row} held={query.data} script={script} cacheKey={key} />;
}

function Following({
  row,
  held,
  script,
  cacheKey,
}: {
  row: CallRow;
  held: CallScript;
  script: Script;
  cacheKey: unknown[];
}) {
  const { t } = useTranslation();
  const words = useErrorText();
  const queries = useQueryClient();
  const names = useNames(row);
  const [busy, setBusy] = useState(false);
  const [taken, setTaken] = useState<Said | null>(null);
  const trail = held.run?.trail ?? [];
  const step = stepAt(script, trail);
  const go = async (next: Said[]) => {
    setBusy(true);
    const revision = held.run?.revision ?? 0;
    try {
      const run = await goOnInScript(callOf(row), {
        script: script.code,
        number: held.number,
        trail: next,
        revision,
      });
      queries.setQueryData(cacheKey, { ...held, run });
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
      if (problem instanceof ApiError && problem.status === 409) {
        await queries.invalidateQueries({ queryKey: cacheKey });
      }
    } finally {
      setBusy(false);
    }
  };
  const say = async (answer: string) => {
    if (step === null) return;
    fillDraft(callOf(row), writtenBy(step, answer));
    setTaken(null);
    await go([...trail, { step: step.code, answer }]);
  };
  const back = async () => {
    setTaken(trail.at(-1) ?? null);
    await go(trail.slice(0, -1));
  };
  return (
    <Stack gap="md" data-testid="desk-script">
      <Trail script={script} trail={trail} />
      {step === null ? (
        <Empty icon={IconFlagCheck} color="green" title={t("script.over")} />
      ) : (
        <ScriptStepView
          key={`${step.code} ${trail.length}`}
          step={step}
          names={names}
          before={taken?.step === step.code ? taken.answer : ""}
          disabled={busy}
          onSaid={(answer) => void say(answer)}
        />
      )}
      {trail.length > 0 && (
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconArrowLeft size={14} />}
            disabled={busy}
            onClick={() => void back()}
          >
            {t("script.back")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

const SHOWN = 4;

/** What was answered last, so that one knows where one is. */
function Trail({ script, trail }: { script: Script; trail: readonly Said[] }) {
  const titles = new Map(script.steps.map(({ code, title }) => [code, title || code]));
  const answered = trail.filter(({ answer }) => answer !== "").slice(-SHOWN);
  if (answered.length === 0) return null;
  return (
    <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
      {answered.map(({ step, answer }) => (
        <Text key={step} component="li" size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {titles.get(step) ?? step}: {answer}
        </Text>
      ))}
    </Stack>
  );
}

function useNames(row: CallRow): Record<string, string> {
  const me = useConsole(({ live }) => live.agent);
  const agentName = useAgentName();
  const [card] = row.cards;
  const customer = row.cards.length === 1 && card !== undefined ? readCard(card) : null;
  return {
    customer_name: customer?.name ?? row.name,
    customer_company: customer?.company ?? "",
    customer_number: row.number,
    agent_name: me === null ? "" : agentName(me),
    queue_name: row.queue_name,
    called_number: row.did,
  };
}
