// The three cards of the staffing form: the traffic, what is to be reached, and what only a simulation knows.
import {
  Card,
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
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import { useChoices } from "@/state/choices";
import { MINUTES, type StaffingValues } from "./staffing_values";

const LINES_HINT = "09:00  100  180\n09:30  120\n10:00  140  200";

type Form = Pick<UseFormReturnType<StaffingValues>, "values" | "getInputProps">;

export function Traffic({ form }: { form: Form }) {
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

export function Goals({ form }: { form: Form }) {
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

/** What no formula knows. */
export function Simulation({ form }: { form: Form }) {
  const { t } = useTranslation();
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t("staff.simulation")}
        </Title>
        <Group grow align="start">
          <NumberInput
            label={t("staff.ringing")}
            description={t("staff.ringingHint")}
            suffix=" s"
            min={0}
            max={120}
            {...form.getInputProps("ringing")}
          />
          <NumberInput
            label={t("staff.spread")}
            description={t("staff.spreadHint")}
            suffix=" %"
            min={10}
            max={300}
            {...form.getInputProps("spread")}
          />
        </Group>
      </Stack>
    </Card>
  );
}
