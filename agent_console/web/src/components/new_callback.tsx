// Asking for a callback by hand: the number (or a customer and one of his), the queue, and when. What the
// service refuses stands at its field, or above the button.
import { Button, Collapse, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomerSearch } from "@/components/customer_search";
import { Failure } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useChoices, useLanguage } from "@/state/choices";
import { phone } from "@/state/format";
import { askCallback } from "@/wire/callbacks";
import type { CustomerRecord } from "@/wire/record";
import { ApiError } from "@/wire/rest";

/** What is known of the customer already. */
export interface Known {
  number: string;
  name: string;
  queue: string | null;
  customer: string | null;
  language: string;
}

interface Props {
  opened: boolean;
  known?: Known;
  onClose: () => void;
  onMade?: () => void;
}

const LANGUAGES = ["en", "zh"] as const;
const REASONS = ["unreadable", "incomplete", "country", "kind", "blocked"] as const;

export function NewCallback({ opened, known, onClose, onMade }: Props) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={<Text fw={650}>{t("callback.new")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Form known={known} onDone={onClose} onMade={onMade} />
    </Modal>
  );
}

function Form({
  known,
  onDone,
  onMade,
}: {
  known: Known | undefined;
  onDone: () => void;
  onMade: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const shown = useLanguage();
  const { queues } = useChoices();
  const [error, setError] = useState<unknown>(null);
  const [searching, setSearching] = useState(false);
  const [found, setFound] = useState<CustomerRecord | null>(null);
  const form = useForm({
    initialValues: {
      number: known?.number ?? "",
      name: known?.name ?? "",
      queue: known?.queue ?? null,
      language: LANGUAGES.find((one) => one === known?.language) ?? shown,
      customer: known?.customer ?? null,
      when: "",
    },
    validate: {
      number: (number) => (number.trim() === "" ? t("callback.numberMissing") : null),
      queue: (queue) => (queue === null ? t("callback.queueMissing") : null),
      when: (when) =>
        when !== "" && Number.isNaN(new Date(when).getTime()) ? t("callback.whenWrong") : null,
    },
  });
  const pick = (customer: CustomerRecord) => {
    setFound(customer);
    setSearching(false);
    form.setValues({
      name: customer.name,
      customer: customer.id,
      number: customer.numbers[0]?.number ?? "",
      language: LANGUAGES.find((one) => one === customer.language) ?? shown,
    });
  };
  const submit = form.onSubmit(async ({ number, name, queue, language, customer, when }) => {
    setError(null);
    try {
      await askCallback({
        number: number.trim(),
        name: name.trim(),
        queue: queue ?? "",
        language,
        customer_id: customer,
        not_before: when === "" ? null : new Date(when).toISOString(),
      });
    } catch (problem) {
      const reason = REASONS.find(
        (one) => problem instanceof ApiError && problem.code === `not-dialable-${one}`,
      );
      if (reason === undefined) setError(problem);
      else form.setFieldError("number", t(`callbackNumber.${reason}`));
      return;
    }
    notify({ message: t("callback.made", { number: phone(number) }) });
    onMade?.();
    onDone();
  });
  return (
    <form onSubmit={submit} noValidate data-testid="new-callback">
      <Stack gap="sm">
        <Group justify="space-between">
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {form.values.name}
          </Text>
          <Button
            size="compact-sm"
            variant="default"
            aria-expanded={searching}
            onClick={() => setSearching(!searching)}
          >
            {t("callback.findCustomer")}
          </Button>
        </Group>
        <Collapse expanded={searching}>{searching && <CustomerSearch onPick={pick} />}</Collapse>
        {found !== null && found.numbers.length > 1 && (
          <Select
            label={t("callback.hisNumbers")}
            data={[...new Set(found.numbers.map((one) => one.number))].map((value) => ({
              value,
              label: phone(value),
            }))}
            value={form.values.number}
            onChange={(number) => form.setFieldValue("number", number ?? "")}
          />
        )}
        <TextInput
          label={t("callback.number")}
          type="tel"
          maxLength={40}
          data-autofocus
          {...form.getInputProps("number")}
        />
        <Select
          label={t("callback.queue")}
          searchable
          data={queues.map(({ id, name }) => ({ value: id, label: name }))}
          {...form.getInputProps("queue")}
        />
        <Select
          label={t("callback.language")}
          allowDeselect={false}
          data={LANGUAGES.map((value) => ({ value, label: t(`callbackLanguage.${value}`) }))}
          {...form.getInputProps("language")}
        />
        <TextInput
          type="datetime-local"
          label={t("callback.notBefore")}
          description={t("callback.whenHint")}
          {...form.getInputProps("when")}
        />
        {error !== null && <Failure error={error} />}
        <Button type="submit" loading={form.submitting}>
          {t("callback.make")}
        </Button>
      </Stack>
    </form>
  );
}
