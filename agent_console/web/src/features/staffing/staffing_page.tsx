// How many agents are needed: traffic on the left (typed in, or as it is in the books), goals below it, the
// answer on the right. What is typed stays through reload.
import { Alert, Button, Grid, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconCalculator } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure } from "@/components/feedback";
import { useKeptForm } from "@/state/kept_form";
import { ownKey } from "@/state/own_store";
import { read, write } from "@/state/preferences";
import { ApiError } from "@/wire/rest";
import { askStaffing, type SimulatedAnswer, type Staffing } from "@/wire/staffing";
import { SimulatedCard } from "./simulated_card";
import { StaffingAnswer } from "./staffing_answer";
import { Goals, Simulation, Traffic } from "./staffing_form";
import {
  bodyOf,
  type Flaw,
  flawsOf,
  intervalsOf,
  START,
  type StaffingValues,
  sameQuestion,
} from "./staffing_values";
import { holding, useSimulated } from "./use_simulated";

export function StaffingPage() {
  const { t } = useTranslation();
  const kept = useKeptForm<StaffingValues>("staffing", START);
  const asking = useMutation({
    mutationFn: (values: StaffingValues) => askStaffing(bodyOf(values)),
  });
  const simulated = useSimulated();
  const form = useForm<StaffingValues>({
    initialValues: kept.first,
    onValuesChange: kept.keep,
    validate: (values) => {
      const told = (flaw: Flaw) =>
        t(`staffFlaw.${flaw}`, {
          lines: intervalsOf(values.lines, 60, Number(values.handling)).wrong.join(", "),
        });
      return Object.fromEntries(
        Object.entries(flawsOf(values)).map(([field, flaw]) => [field, told(flaw)]),
      );
    },
  });
  const [key] = useState(() => ownKey("cc-staffing-asked"));
  const ask = (values: StaffingValues) => {
    write(globalThis.sessionStorage, key, values);
    asking.mutate(values);
  };
  const again = useRef(() => {
    const asked = read(globalThis.sessionStorage, key) as StaffingValues | null;
    if (typeof asked?.lines === "string") asking.mutate({ ...START, ...asked });
  });
  useEffect(() => again.current(), []); // the answer is there again after a reload
  const submit = form.onSubmit(ask);
  const { ringing, spread } = form.values;
  const asked = asking.variables && { ...asking.variables, ringing, spread };
  return (
    <Stack gap="md">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <form onSubmit={submit} noValidate data-testid="staffing-form">
            <Stack gap="md">
              <Traffic form={form} />
              <Goals form={form} />
              <Simulation form={form} />
              <Button
                type="submit"
                loading={asking.isPending}
                leftSection={<IconCalculator size={18} />}
              >
                {t("staff.ask")}
              </Button>
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="md">
            {asked !== undefined && asking.data !== undefined && (
              <>
                {!sameQuestion(asked, form.values) && (
                  <Alert color="yellow" role="status" data-testid="staffing-changed">
                    {t("staff.changed")}
                  </Alert>
                )}
                {asking.data.intervals.length > 0 && (
                  <SimulatedCard
                    state={simulated}
                    asked={asked}
                    onBack={(values) => {
                      form.setValues(values);
                      ask(values);
                    }}
                  />
                )}
              </>
            )}
            <Answer
              key={asking.submittedAt}
              error={asking.error}
              data={asking.data}
              beside={asked === undefined ? null : holding(simulated.kept, asked)}
            />
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

function Answer({
  error,
  data,
  beside,
}: {
  error: unknown;
  data: Staffing | undefined;
  beside: SimulatedAnswer | null;
}) {
  const { t } = useTranslation();
  if (error instanceof ApiError && error.status === 422) {
    return (
      <Text c="red" role="alert">
        {t("staff.refused", { why: error.message })}
      </Text>
    );
  }
  if (error !== null) return <Failure error={error} />;
  if (data === undefined) {
    return <Empty icon={IconCalculator} title={t("staff.empty")} hint={t("staff.emptyHint")} />;
  }
  return <StaffingAnswer answer={data} beside={beside} />;
}
