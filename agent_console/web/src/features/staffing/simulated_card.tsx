// Above the answer of the formula: the agents by simulation. Asked for with a button, in the background; the
// result says when it was made and whether it is for what is shown below.
import { Alert, Button, Card, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { IconArrowBackUp, IconDice5 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { count, moment } from "@/state/format";
import { moment as momentOf } from "@/wire/record";
import { ApiError } from "@/wire/rest";
import { type StaffingValues, sameQuestion } from "./staffing_values";
import { holding, type SimulatedState } from "./use_simulated";

export function SimulatedCard({
  state,
  asked,
  onBack,
}: {
  state: SimulatedState;
  asked: StaffingValues;
  /** Ask again what the kept result was for. */
  onBack: (values: StaffingValues) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { kept } = state;
  const answer = holding(kept, asked);
  const at = kept === null ? "" : moment(momentOf(kept.answer.made_at), serverNow(), language);
  return (
    <Card withBorder padding="sm" data-testid="simulated">
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={3} size="h5">
            {t("staff.simulated")}
          </Title>
          {!state.running && (
            <Group gap="xs">
              {kept !== null && answer === null && (
                <Button
                  variant="default"
                  leftSection={<IconArrowBackUp size={16} />}
                  onClick={() => onBack(kept.values)}
                >
                  {t("staff.simulatedBack")}
                </Button>
              )}
              <Button
                variant="light"
                leftSection={<IconDice5 size={16} />}
                onClick={() => void state.begin(asked)}
              >
                {t(answer === null ? "staff.simulate" : "staff.simulateAgain")}
              </Button>
            </Group>
          )}
        </Group>
        {state.running ? (
          <Running state={state} asked={asked} />
        ) : (
          <Text size="sm" c="dimmed">
            {kept === null
              ? t("staff.simulateHint")
              : answer === null
                ? t("staff.simulatedOther", { at })
                : t("staff.simulatedAt", {
                    at,
                    times: count(answer.replications, language),
                    callers: count(answer.callers, language),
                  })}
          </Text>
        )}
        {!state.running && <Trouble state={state} />}
      </Stack>
    </Card>
  );
}

function Running({ state, asked }: { state: SimulatedState; asked: StaffingValues }) {
  const { t } = useTranslation();
  const other = state.about !== null && !sameQuestion(state.about, asked);
  return (
    <Stack gap="xs" role="status" data-testid="simulating">
      <Progress
        value={(state.run?.progress ?? 0) * 100}
        animated
        aria-label={t("staff.simulating")}
      />
      <Group justify="space-between">
        <Text size="sm">
          {t("staff.simulatingHint")} {other && t("staff.simulatingOther")}
        </Text>
        <Button variant="default" onClick={state.cancel}>
          {t("action.cancel")}
        </Button>
      </Group>
    </Stack>
  );
}

function Trouble({ state }: { state: SimulatedState }) {
  const { t } = useTranslation();
  const { error, run } = state;
  if (error instanceof ApiError && (error.status === 404 || error.status === 422)) {
    const why =
      error.status === 404 ? t("whatIf.gone") : t("staff.refused", { why: error.message });
    return (
      <Alert color="yellow" role="status">
        {why}
      </Alert>
    );
  }
  if (error !== null) return <Failure error={error} />;
  if (run?.state !== "failed" && run?.state !== "cancelled") return null;
  const why = run.state === "cancelled" ? "cancelled" : run.trouble || "database";
  return (
    <Alert color="yellow" role="status">
      {t(`staffTrouble.${why === "no-calls" || why === "cancelled" ? why : "too-long"}`)}
    </Alert>
  );
}
