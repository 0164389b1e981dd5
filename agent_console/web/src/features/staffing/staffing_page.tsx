// How many agents are needed: traffic on the left (typed in, or as it is in the books), goals below it, the
// answer on the right. What is typed stays through reload.
import {
  Button,
  Card,
  Grid,
  Group,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
  Title,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { IconCalculator } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Empty, Failure } from "@/components/feedback";
import { useChoices } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { ApiError } from "@/wire/rest";
import { askStaffing, type Staffing } from "@/wire/staffing";
import { StaffingAnswer } from "./staffing_answer";
import {
  bodyOf,
  type Flaw,
  flawsOf,
  intervalsOf,
  MINUTES,
  START,
  type StaffingValues,
} from "./staffing_values";

const LINES_HINT = "09:00  100  180\n09:30  120\n10:00  140  200";

export function StaffingPage() {
  const { t } = useTranslation();
  const kept = useKeptForm<StaffingValues>("staffing", START);
  const asking = useMutation({ mutationFn: askStaffing });
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
  const submit = form.onSubmit((values) => asking.mutate(bodyOf(values)));
  return (
    <Stack gap="md">
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 4 }}>
          <form onSubmit={submit} noValidate data-testid="staffing-form">
            <Stack gap="md">
              <Traffic form={form} />
              <Goals form={form} />
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
          <Answer key={asking.submittedAt} error={asking.error} data={asking.data} />
        </Grid.Col>
      </Grid>
    </Stack>
  );
}

type Form = Pick<UseFormReturnType<StaffingValues>, "values" | "getInputProps">;

function Answer({ error, data }: { error: unknown; data: Staffing | undefined }) {
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
  return <StaffingAnswer answer={data} />;
}

function Traffic({ form }: { form: Form }) {
  const { t } = useTranslation();
  const { queues } = useChoices();
  const typed = form.values.source === "typed";
  return (
    <Card withBorder>
      <Stack gap="sm">
        <SegmentedControl
          fullWidth
          aria-label={t("staff.source")}
          data={[
            { value: "typed", label: t("staff.typed") },
            { value: "logged", label: t("staff.logged") },
          ]}
          {...form.getInputProps("source")}
        />
        {typed ? (
          <>
            <Textarea
              label={t("staff.lines")}
              description={t("staff.linesHint")}
              placeholder={LINES_HINT}
              autosize
              minRows={5}
              maxRows={16}
              spellCheck={false}
              {...form.getInputProps("lines")}
            />
            <NumberInput
              label={t("staff.handlingOfAll")}
              description={t("staff.handlingHint")}
              min={1}
              max={86_400}
              {...form.getInputProps("handling")}
            />
          </>
        ) : (
          <>
            <Select
              label={t("staff.queue")}
              searchable
              data={queues.map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps("queue")}
            />
            <Group grow align="start">
              <TextInput type="date" label={t("staff.first")} {...form.getInputProps("first")} />
              <TextInput type="date" label={t("staff.last")} {...form.getInputProps("last")} />
            </Group>
            <Text size="sm" c="dimmed">
              {t("staff.daysHint")}
            </Text>
          </>
        )}
        <Select
          label={t("staff.minutes")}
          allowDeselect={false}
          data={MINUTES.map((value) => ({
            value,
            label: t("staff.minutesOf", { count: Number(value) }),
          }))}
          {...form.getInputProps("minutes")}
        />
      </Stack>
    </Card>
  );
}

function Goals({ form }: { form: Form }) {
  const { t } = useTranslation();
  const field = (name: keyof StaffingValues, max: number) => ({
    min: 0,
    max,
    ...form.getInputProps(name),
  });
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t("staff.goals")}
        </Title>
        <Group grow align="start">
          <NumberInput label={t("staff.level")} suffix=" %" {...field("level", 99.99)} />
          <NumberInput label={t("staff.within")} suffix=" s" {...field("within", 3600)} />
        </Group>
        <Group grow align="start">
          <NumberInput label={t("staff.wait")} suffix=" s" {...field("wait", 3600)} />
          <NumberInput label={t("staff.abandonment")} suffix=" %" {...field("abandonment", 100)} />
        </Group>
        <Group grow align="start">
          <NumberInput label={t("staff.occupancy")} suffix=" %" {...field("occupancy", 100)} />
          <NumberInput label={t("staff.shrinkage")} suffix=" %" {...field("shrinkage", 95)} />
        </Group>
        <NumberInput
          label={t("staff.patience")}
          description={t("staff.patienceHint")}
          suffix=" s"
          {...field("patience", 86_400)}
        />
      </Stack>
    </Card>
  );
}
