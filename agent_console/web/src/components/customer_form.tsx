// The form of a customer: made new from a call, or changed. What was typed stays when saving fails.
import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Select,
  Stack,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, type CustomerEdit } from "@/wire/rest";
import { Failure } from "./feedback";

const NAME_MAX = 200;
const NOTE_MAX = 8_000;
const NUMBERS_MAX = 10;

export interface CustomerFormProps {
  start: CustomerEdit;
  submitLabel: string;
  onSubmit: (edit: CustomerEdit) => Promise<void>;
  onCancel?: () => void;
}

export function CustomerForm({ start, submitLabel, onSubmit, onCancel }: CustomerFormProps) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useCustomerForm(start, t("customer.nameMissing"));

  const submit = async (edit: CustomerEdit) => {
    setError(null);
    const numbers = edit.numbers.filter(({ typed }) => typed.trim() !== "");
    try {
      await onSubmit({ ...edit, name: edit.name.trim(), numbers });
    } catch (problem) {
      if (problem instanceof ApiError) form.setErrors(problem.fields);
      setError(problem);
    }
  };

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="sm">
        <TextInput
          label={t("customer.name")}
          withAsterisk
          maxLength={NAME_MAX}
          {...form.getInputProps("name")}
        />
        <Numbers form={form} />
        <TextInput
          label={t("customer.company")}
          maxLength={NAME_MAX}
          {...form.getInputProps("company")}
        />
        <Select
          label={t("customer.language")}
          clearable
          data={[
            { value: "en", label: t("language.en") },
            { value: "zh", label: t("language.zh") },
          ]}
          {...form.getInputProps("language")}
          value={form.values.language || null}
          onChange={(value) => form.setFieldValue("language", value ?? "")}
        />
        <TagsInput label={t("customer.tags")} maxTags={20} {...form.getInputProps("tags")} />
        <Textarea
          label={t("customer.notes")}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={NOTE_MAX}
          {...form.getInputProps("notes")}
        />
        <Checkbox label={t("customer.vip")} {...form.getInputProps("vip", { type: "checkbox" })} />
        {error !== null && <Failure error={error} />}
        <Group>
          <Button type="submit" loading={form.submitting}>
            {submitLabel}
          </Button>
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {t("action.cancel")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

function useCustomerForm(start: CustomerEdit, nameMissing: string) {
  return useForm<CustomerEdit>({
    initialValues: start,
    validate: { name: (name) => (name.trim() === "" ? nameMissing : null) },
  });
}

function Numbers({ form }: { form: ReturnType<typeof useCustomerForm> }) {
  const { t } = useTranslation();
  const { numbers } = form.values;
  return (
    <Stack gap={6}>
      {numbers.map((_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a number has no key before it is saved
        <Group key={at} gap={6} wrap="nowrap" align="flex-end">
          <TextInput
            label={at === 0 ? t("customer.numbers") : undefined}
            aria-label={t("customer.numbers")}
            type="tel"
            flex={1}
            maxLength={32}
            {...form.getInputProps(`numbers.${at}.typed`)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            aria-label={t("customer.numberRemove")}
            onClick={() => form.removeListItem("numbers", at)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      {numbers.length < NUMBERS_MAX && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => form.insertListItem("numbers", { typed: "", label: "" })}
        >
          {t("customer.numberAdd")}
        </Button>
      )}
    </Stack>
  );
}
