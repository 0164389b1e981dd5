// One evaluation beside its recording: written as a draft that is kept while one writes, handed in, read
// by the agent, who takes note of it or disputes it, and answered.
import {
  Alert,
  Badge,
  Button,
  Card,
  Grid,
  Group,
  Stack,
  Text,
  Textarea,
  Title,
} from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows, useErrorText } from "@/components/feedback";
import { nameIn, scoreText } from "@/components/quality/words";
import { RecordingPlayer } from "@/components/recordings/player";
import { useCommand } from "@/components/use_command";
import { useAgentName, useLanguage } from "@/state/choices";
import { useSession } from "@/state/session";
import {
  acknowledgeEvaluation,
  answerDispute,
  discardEvaluation,
  disputeEvaluation,
  type EvaluationDetail,
  handIn,
  readEvaluation,
  type Written,
  writeEvaluation,
} from "@/wire/quality";
import { Answering } from "./answering";

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

const writtenOf = ({ answers, remarks, comment }: EvaluationDetail): Written => ({
  answers,
  remarks,
  comment,
});

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

function HandedIn({ detail }: { detail: EvaluationDetail }) {
  const { agent, role } = useSession();
  const mine = agent !== null && agent === detail.agent;
  const [again, setAgain] = useState<Written | null>(null);
  return (
    <Stack>
      <Result detail={detail} />
      <Answering
        shape={detail.shape}
        written={again ?? writtenOf(detail)}
        sections={detail.sections}
        failed={detail.failed}
        onChange={again === null ? undefined : setAgain}
      />
      <Said detail={detail} />
      {mine && (detail.state === "submitted" || detail.state === "answered") && (
        <AgentsWord detail={detail} />
      )}
      {!mine && role !== "agent" && detail.state === "disputed" && (
        <Answer
          detail={detail}
          again={again}
          onAgain={() => setAgain(again === null ? writtenOf(detail) : null)}
        />
      )}
    </Stack>
  );
}

function Result({ detail }: { detail: EvaluationDetail }) {
  const { t } = useTranslation();
  return (
    <Group>
      <Text size="xl" fw={700} className="cc-figures" data-testid="score">
        {scoreText(detail.score)}
      </Text>
      {detail.passed !== null && (
        <Badge className="cc-badge" color={detail.passed ? "green" : "red"}>
          {t(detail.passed ? "quality.passed" : "quality.notPassed")}
        </Badge>
      )}
      <Badge className="cc-badge" variant="light" color="gray">
        {t(`evaluationState.${detail.state}`)}
      </Badge>
      {detail.first_score !== null && (
        <Text size="sm" c="dimmed">
          {t("quality.before", { score: detail.first_score })}
        </Text>
      )}
    </Group>
  );
}

function Said({ detail }: { detail: EvaluationDetail }) {
  const { t } = useTranslation();
  const text = { overflowWrap: "anywhere", whiteSpace: "pre-wrap" } as const;
  return (
    <>
      {detail.dispute !== "" && (
        <Alert color="orange" title={t("quality.disputed")} style={text}>
          {detail.dispute}
        </Alert>
      )}
      {detail.answer !== "" && (
        <Alert
          color="violet"
          title={t("quality.answeredBy", { name: detail.answered_name })}
          style={text}
        >
          {detail.answer}
        </Alert>
      )}
    </>
  );
}

function AgentsWord({ detail }: { detail: EvaluationDetail }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { run, pending } = useCommand();
  const [why, setWhy] = useState("");
  const act = (what: () => Promise<unknown>) =>
    run(async () => {
      await what();
      await client.invalidateQueries({ queryKey: ["quality"] });
    });
  return (
    <Stack gap="xs">
      {detail.state === "submitted" && (
        <Textarea
          label={t("quality.disputeWhy")}
          autosize
          minRows={2}
          maxLength={4000}
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
      )}
      <Group>
        <Button loading={pending} onClick={() => void act(() => acknowledgeEvaluation(detail.id))}>
          {t("quality.acknowledge")}
        </Button>
        {detail.state === "submitted" && (
          <Button
            variant="default"
            disabled={pending || why.trim().length < 3}
            onClick={() => void act(() => disputeEvaluation(detail.id, why))}
          >
            {t("quality.dispute")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Answer({
  detail,
  again,
  onAgain,
}: {
  detail: EvaluationDetail;
  again: Written | null;
  onAgain: () => void;
}) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { run, pending } = useCommand();
  const [text, setText] = useState("");
  return (
    <Stack gap="xs">
      <Textarea
        label={t("quality.yourAnswer")}
        autosize
        minRows={2}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group>
        <Button
          loading={pending}
          disabled={text.trim().length < 3}
          onClick={() =>
            void run(async () => {
              await answerDispute(detail.id, text, again);
              await client.invalidateQueries({ queryKey: ["quality"] });
            })
          }
        >
          {t(again === null ? "quality.answerKeep" : "quality.answerChange")}
        </Button>
        <Button variant="default" onClick={onAgain}>
          {t(again === null ? "quality.changeAnswers" : "quality.leaveAnswers")}
        </Button>
      </Group>
    </Stack>
  );
}
