// Fields of the queue's form: each with its name, what it does, and its bounds.
import { NumberInput, type NumberInputProps } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useTranslation } from "react-i18next";
import type { QueueValues } from "./queue_values";

export type QueueFormState = UseFormReturnType<QueueValues>;

const BOUNDS = {
  preferred_wait_seconds: [0, 3600],
  priority_seconds: [0, 86_400],
  value_offset_max_seconds: [0, 86_400],
  reserved_idle: [0, 1000],
  ring_seconds: [3, 120],
  broadcast: [1, 20],
  rona_pause_after: [1, 100],
  rona_back_off_seconds: [0, 3600],
  service_level_percent: [1, 100],
  service_level_seconds: [1, 3600],
  waiting_max: [1, 10_000],
  wait_max_seconds: [1, 7200],
  resume_place_seconds: [0, 3600],
  wrap_up_seconds: [0, 3600],
  wrap_up_extension_seconds: [0, 3600],
  wrap_up_extensions_max: [0, 20],
  park_seconds: [10, 3600],
} as const satisfies Partial<Record<keyof QueueValues, readonly [number, number]>>;

export function Figure({
  form,
  name,
  ...more
}: { form: QueueFormState; name: keyof typeof BOUNDS } & Omit<NumberInputProps, "form" | "name">) {
  const { t } = useTranslation();
  const [min, max] = BOUNDS[name];
  return (
    <NumberInput
      label={t(`queueField.${name}`)}
      description={t(`queueHint.${name}`)}
      min={min}
      max={max}
      allowDecimal={false}
      inputWrapperOrder={["label", "description", "input", "error"]}
      {...more}
      {...form.getInputProps(name)}
    />
  );
}
