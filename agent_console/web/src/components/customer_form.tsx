// The form of a customer: made new from a call, or changed. What was typed stays when saving fails, and
// over a reload. Somebody who may be the same person is shown while typing.
import {
  Button,
  Checkbox,
  Fieldset,
  Group,
  SegmentedControl,
  Select,
  Stack,
  TagsInput,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { OwnFields } from "@/components/crm/own_fields";
import { customerFieldsQuery } from "@/components/crm/queries";
import { useChoices } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { ApiError, type CustomerEdit } from "@/wire/rest";
import { AlikeHint } from "./customer_form_alike";
import { CompanySelect, Entries } from "./customer_form_parts";
import { Failure } from "./feedback";

const NAME_MAX = 200;
const NOTE_MAX = 8_000;
const CHANNELS = ["call", "sms", "email", "marketing"] as const;

export interface CustomerFormProps {
  start: CustomerEdit;
  submitLabel: string;
  onSubmit: (edit: CustomerEdit) => Promise<void>;
  onCancel?: () => void;
  /** Under which what is typed is kept over a reload. */
  draft?: string;
  /** The customer who is changed; not suggested as his own double. */
  id?: string;
}

export function CustomerForm({
  start,
  submitLabel,
  onSubmit,
  onCancel,
  draft,
  id,
}: CustomerFormProps) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const kept = useKeptForm(draft ?? null, start);
  const { agent_names } = useChoices();
  const { data: fields = [] } = useQuery(customerFieldsQuery);
  const form = useForm<CustomerEdit>({
    initialValues: kept.first,
    validate: { name: (name) => (name.trim() === "" ? t("customer.nameMissing") : null) },
    onValuesChange: kept.keep,
  });
  const values = form.values;

  const submit = async (edit: CustomerEdit) => {
    setError(null);
    const filled = ({ typed }: { typed: string }) => typed.trim() !== "";
    const numbers = edit.numbers.filter(filled);
    const emails = edit.emails.filter(filled);
    try {
      await onSubmit({ ...edit, name: edit.name.trim(), numbers, emails });
      kept.forget();
    } catch (problem) {
      if (problem instanceof ApiError) form.setErrors(placed(problem.fields));
      setError(problem);
    }
  };
  const cancel =
    onCancel &&
    (() => {
      kept.forget();
      onCancel();
    });

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="sm">
        {kept.found && (
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {t("form.draftFound")}
            </Text>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={() => {
                form.setValues(start);
                kept.forget();
              }}
            >
              {t("form.draftDrop")}
            </Button>
          </Group>
        )}
        <SegmentedControl
          aria-label={t("customer.kind")}
          data={[
            { value: "person", label: t("customer.person") },
            { value: "company", label: t("customer.companyKind") },
          ]}
          value={values.kind}
          onChange={(kind) => form.setFieldValue("kind", kind as CustomerEdit["kind"])}
        />
        <TextInput
          label={t("customer.name")}
          withAsterisk
          maxLength={NAME_MAX}
          {...form.getInputProps("name")}
        />
        <Entries form={form} of="numbers" />
        <Entries form={form} of="emails" />
        <AlikeHint edit={values} besides={id ?? ""} />
        {values.kind === "person" && <CompanySelect form={form} />}
        <Select
          label={t("customer.language")}
          clearable
          data={[
            { value: "en", label: t("language.en") },
            { value: "zh", label: t("language.zh") },
          ]}
          {...form.getInputProps("language")}
          value={values.language || null}
          onChange={(value) => form.setFieldValue("language", value ?? "")}
        />
        <OwnFields
          fields={fields}
          values={values.custom}
          errors={ownErrors(form.errors)}
          onChange={(custom) => form.setFieldValue("custom", custom)}
        />
        <Select
          label={t("customer.owner")}
          clearable
          searchable
          data={Object.entries(agent_names).map(([value, label]) => ({ value, label }))}
          {...form.getInputProps("owner_agent")}
        />
        <TagsInput label={t("customer.tags")} maxTags={30} {...form.getInputProps("tags")} />
        <Textarea
          label={t("customer.notes")}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={NOTE_MAX}
          {...form.getInputProps("notes")}
        />
        <Group>
          <Checkbox
            label={t("customer.vip")}
            {...form.getInputProps("vip", { type: "checkbox" })}
          />
          <Checkbox
            label={t("customer.blocked")}
            {...form.getInputProps("blocked", { type: "checkbox" })}
          />
        </Group>
        <Fieldset legend={t("consent.title")}>
          <Stack gap="xs">
            {CHANNELS.map((channel) => (
              <Select
                key={channel}
                label={t(`consent.${channel}`)}
                data={[
                  { value: "", label: t("consent.unknown") },
                  { value: "granted", label: t("consent.granted") },
                  { value: "refused", label: t("consent.refused") },
                ]}
                allowDeselect={false}
                value={values.consent[channel] ?? ""}
                onChange={(state) =>
                  form.setFieldValue("consent", { ...values.consent, [channel]: state ?? "" })
                }
              />
            ))}
          </Stack>
        </Fieldset>
        {error !== null && <Failure error={error} />}
        <Group>
          <Button type="submit" loading={form.submitting}>
            {submitLabel}
          </Button>
          {cancel && (
            <Button variant="default" onClick={cancel}>
              {t("action.cancel")}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** `numbers.0` is the number's input `numbers.0.typed`. */
function placed(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([where, message]) => [
      where.replace(/^(numbers|emails)\.(\d+)$/, "$1.$2.typed"),
      message,
    ]),
  );
}

function ownErrors(errors: Record<string, unknown>): Record<string, string> {
  const found = Object.entries(errors).filter(([where]) => where.startsWith("custom."));
  return Object.fromEntries(found.map(([where, said]) => [where.slice(7), String(said)]));
}
