// A day as it is planned and as it would be: on the left what is changed, on the right both side by side.
// The run goes on in the background; who comes back within the session finds it.
import { Alert, Button, Grid, Group, Progress, Stack, Text } from "@mantine/core";
import { IconArrowsSplit2 } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { serverNow } from "@/state/clock";
import { useKeptForm } from "@/state/kept_form";
import { ownKey } from "@/state/own_store";
import { read, write } from "@/state/preferences";
import { ApiError } from "@/wire/rest";
import { beginWhatIf, cancelWhatIf, readWhatIf, type WhatIf } from "@/wire/staffing";
import { over, useRun } from "./background_run";
import { dayAfter, dayAt } from "./plan_values";
import { WhatIfAnswerView } from "./what_if_answer";
import { WhatIfForm } from "./what_if_form";
import { bodyOf, changeFlaw, freshChange, type WhatIfValues } from "./what_if_values";

export function WhatIfTab() {
  const { t } = useTranslation();
  const today = dayAt(serverNow());
  const key = ownKey("cc-what-if");
  const kept = useKeptForm<WhatIfValues>("what-if", {
    day: dayAfter(today, 1),
    interval: "30min",
    source: "forecast",
    queues: [],
    changes: [freshChange("1")],
  });
  const [values, setValues] = useState(kept.first);
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [begun, setBegun] = useState(false);
  const [id, setId] = useState<string | null>(() => {
    const found = read(globalThis.sessionStorage, key);
    return typeof found === "string" ? found : null;
  });
  const query = useRun("what-if", id, readWhatIf);
  const remember = (run: string | null) => {
    setId(run);
    write(globalThis.sessionStorage, key, run);
  };
  const put = (part: Partial<WhatIfValues>) => {
    const next = { ...values, ...part };
    setValues(next);
    kept.keep(next);
  };
  const begin = async () => {
    setTried(true);
    setError(null);
    if (values.changes.some((change) => changeFlaw(change) !== null) || values.day === "") return;
    setBegun(true);
    try {
      remember((await beginWhatIf(bodyOf(values))).id);
    } catch (problem) {
      setError(problem);
    } finally {
      setBegun(false);
    }
  };
  const running = query.data !== undefined && !over(query.data);
  return (
    <Grid gap="lg">
      <Grid.Col span={{ base: 12, md: 5 }}>
        <WhatIfForm
          values={values}
          tried={tried}
          busy={begun || running}
          onChange={put}
          onAsk={() => void begin()}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        {error !== null && <Failure error={error} />}
        {id === null ? (
          <Empty icon={IconArrowsSplit2} title={t("whatIf.empty")} hint={t("whatIf.emptyHint")} />
        ) : (
          <Shown
            run={query.data}
            error={query.error}
            onGone={() => remember(null)}
            onCancel={() => void cancelWhatIf(id).then(() => query.refetch())}
          />
        )}
      </Grid.Col>
    </Grid>
  );
}

function Shown({
  run,
  error,
  onGone,
  onCancel,
}: {
  run: WhatIf | undefined;
  error: unknown;
  onGone: () => void;
  onCancel: () => void;
}) {
  const { t } = useTranslation();
  if (error instanceof ApiError && error.status === 404) {
    return (
      <Alert color="yellow" title={t("whatIf.gone")}>
        <Button variant="default" onClick={onGone}>
          {t("action.close")}
        </Button>
      </Alert>
    );
  }
  if (error) return <Failure error={error} />;
  if (run === undefined) return <Rows count={6} />;
  if (run.answer !== null) return <WhatIfAnswerView answer={run.answer} />;
  if (run.state === "failed" || run.state === "cancelled") {
    const why = run.state === "cancelled" ? "cancelled" : run.trouble || "database";
    return (
      <Alert color="yellow" role="status">
        {t(`whatIfTrouble.${why}`)}
      </Alert>
    );
  }
  return (
    <Alert title={t("whatIf.running")} role="status" data-testid="what-if-running">
      <Stack gap="sm">
        <Progress value={run.progress * 100} animated aria-label={t("whatIf.running")} />
        <Group justify="space-between">
          <Text size="sm">{t("whatIf.runningHint")}</Text>
          <Button variant="default" onClick={onCancel}>
            {t("action.cancel")}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}
