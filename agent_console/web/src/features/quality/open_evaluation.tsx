// One evaluation beside its recording: written as a draft that is kept while one writes, handed in, read
// by the agent, who takes note of it or disputes it, and answered.
import { Button, Card, Grid, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows, useErrorText } from "@/components/feedback";
import { nameIn } from "@/components/quality/words";
import { RecordingPlayer } from "@/components/recordings/player";
import { useCommand } from "@/components/use_command";
import { useAgentName, useLanguage } from "@/state/choices";
import {
  discardEvaluation,
  type EvaluationDetail,
  handIn,
  readEvaluation,
  type Written,
  writeEvaluation,
} from "@/wire/quality";
import { Answering } from "./answering";
import { HandedIn, writtenOf } from "./handed_in";

const KEEP_AFTER_MS = 800;

export function OpenEvaluation({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["quality", "evaluation", id],
    queryFn: () => readEvaluation(id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return (
    <Stack>
      <Group>
        <Button
          variant="subtle"
          leftSection={<IconArrowLeft size={16} />}
          renderRoot={(props) => <Link to="/quality" search={{ tab: "list" }} {...props} />}
        >
          {t("quality.back")}
        </Button>
      </Group>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={6} />}
      {query.data !== undefined && <Both key={query.dataUpdatedAt} detail={query.data} />}
    </Stack>
  );
}

function Both({ detail }: { detail: EvaluationDetail }) {
  const language = useLanguage();
  const agentName = useAgentName();
  return (
    <Grid>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Card withBorder style={{ position: "sticky", top: 8 }}>
          <RecordingPlayer recording={detail.recording} />
        </Card>
      </Grid.Col>
      <Grid.Col span={{ base: 12, lg: 6 }}>
        <Card withBorder data-testid="evaluation" data-state={detail.state}>
          <Title order={2} size="h4">
            {nameIn(detail.shape, language)}
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            {agentName(detail.agent)} · {detail.evaluator_name} · v{detail.number}
          </Text>
          {detail.state === "draft" ? <Draft detail={detail} /> : <HandedIn detail={detail} />}
        </Card>
      </Grid.Col>
    </Grid>
  );
}

/** What is written is kept by the service a moment after the last key. */
function Draft({ detail }: { detail: EvaluationDetail }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const words = useErrorText();
  const { run, pending } = useCommand();
  const [written, setWritten] = useState(writtenOf(detail));
  const [trouble, setTrouble] = useState<unknown>(null);
  const [kept, setKept] = useState(true);
  const revision = useRef(detail.revision);
  const latest = useRef(written);
  const timer = useRef<number | undefined>(undefined);
  const working = useRef<Promise<void>>(Promise.resolve());
  const keep = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    working.current = working.current.then(async () => {
      const what = latest.current;
      try {
        revision.current = await writeEvaluation(detail.id, what, revision.current);
        setTrouble(null);
        if (what === latest.current) setKept(true);
      } catch (problem) {
        setTrouble(problem);
      }
    });
    return working.current;
  };
  const keepNow = useRef(keep);
  keepNow.current = keep;
  useEffect(
    () => () => {
      if (timer.current !== undefined) void keepNow.current();
    },
    [],
  );
  const change = (next: Written) => {
    latest.current = next;
    setWritten(next);
    setKept(false);
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => void keepNow.current(), KEEP_AFTER_MS);
  };
  const asked = detail.shape.sections.flatMap(({ questions }) => questions);
  const missing = asked.filter(({ code }) => written.answers[code] === undefined).length;
  const done = async () => {
    await client.invalidateQueries({ queryKey: ["quality"] });
  };
  return (
    <Stack>
      <Answering shape={detail.shape} written={written} onChange={change} />
      <Group justify="space-between">
        <Text size="sm" c={trouble === null ? "dimmed" : "red"} role="status" data-kept={kept}>
          {trouble !== null ? words(trouble) : t(kept ? "quality.kept" : "quality.keeping")}
          {missing > 0 && ` · ${t("quality.missing", { count: missing })}`}
        </Text>
        <Group gap="xs">
          <Button
            variant="subtle"
            color="red"
            disabled={pending || detail.calibration !== null}
            onClick={() =>
              void run(async () => {
                clearTimeout(timer.current);
                timer.current = undefined;
                await working.current;
                await discardEvaluation(detail.id);
                await navigate({ to: "/quality", search: { tab: "list" } });
                await done();
              })
            }
          >
            {t("quality.discard")}
          </Button>
          <Button
            loading={pending}
            disabled={missing > 0}
            onClick={() =>
              void run(async () => {
                await keep();
                await handIn(detail.id, revision.current);
                if (detail.calibration !== null)
                  await navigate({
                    to: "/quality",
                    search: { tab: "calibrations", calibration: detail.calibration },
                  });
                await done();
              })
            }
          >
            {t("quality.handIn")}
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
