// An evaluation that is handed in: its result, the agent's word, and the answer to a dispute.
import { Alert, Badge, Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { scoreText } from "@/components/quality/words";
import { useCommand } from "@/components/use_command";
import { useSession } from "@/state/session";
import {
  acknowledgeEvaluation,
  answerDispute,
  disputeEvaluation,
  type EvaluationDetail,
  type Written,
} from "@/wire/quality";
import { Answering } from "./answering";

export const writtenOf = ({ answers, remarks, comment }: EvaluationDetail): Written => ({
  answers,
  remarks,
  comment,
});

export function HandedIn({ detail }: { detail: EvaluationDetail }) {
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
