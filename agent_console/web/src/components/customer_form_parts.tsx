// Parts of a customer's form: numbers and e-mail addresses, and the company a person belongs to.
import { ActionIcon, Autocomplete, Button, Group, Stack, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listCustomers } from "@/wire/crm";
import type { CustomerEdit } from "@/wire/rest";

type Form = UseFormReturnType<CustomerEdit>;

const ENTRIES_MAX = 20;
const WORDS = {
  numbers: { one: "customer.number", add: "customer.numberAdd", gone: "customer.numberRemove" },
  emails: { one: "customer.email", add: "customer.emailAdd", gone: "customer.emailRemove" },
} as const;

export function Entries({ form, of }: { form: Form; of: "numbers" | "emails" }) {
  const { t } = useTranslation();
  const entries = form.values[of];
  const words = WORDS[of];
  return (
    <Stack gap={6}>
      {entries.map((_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry has no key before it is saved
        <Group key={at} gap={6} wrap="nowrap" align="flex-start">
          <TextInput
            style={{ flex: 2 }}
            label={at === 0 ? t(words.one) : undefined}
            aria-label={t(words.one)}
            type={of === "emails" ? "email" : "tel"}
            maxLength={of === "emails" ? 254 : 80}
            {...form.getInputProps(`${of}.${at}.typed`)}
          />
          <TextInput
            style={{ flex: 1 }}
            label={at === 0 ? t("customer.numberLabel") : undefined}
            aria-label={t("customer.numberLabel")}
            maxLength={40}
            {...form.getInputProps(`${of}.${at}.label`)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size={36}
            mt={at === 0 ? 24 : 0}
            aria-label={t(words.gone)}
            onClick={() => form.removeListItem(of, at)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      {entries.length < ENTRIES_MAX && (
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          style={{ alignSelf: "flex-start" }}
          onClick={() => form.insertListItem(of, { typed: "", label: "" })}
        >
          {t(words.add)}
        </Button>
      )}
    </Stack>
  );
}

/** A name typed freely, or picked: then the person belongs to that customer. */
export function CompanySelect({ form }: { form: Form }) {
  const { t } = useTranslation();
  const text = form.values.company;
  const [asked] = useDebouncedValue(text.trim(), 250);
  const { data } = useQuery({
    queryKey: ["companies", asked],
    queryFn: () => listCustomers({ q: asked, kind: "company" }, null, 8),
    enabled: asked.length >= 1,
  });
  const found = data?.items ?? [];
  return (
    <Autocomplete
      label={t("customer.company")}
      description={form.values.company_id === null ? undefined : t("customer.companyLinked")}
      maxLength={200}
      data={[...new Set(found.map(({ name }) => name))]}
      filter={({ options }) => options}
      {...form.getInputProps("company")}
      error={form.errors.company ?? form.errors.company_id}
      onChange={(company) => {
        form.setFieldValue("company", company);
        const same = found.find(({ name }) => name === company);
        form.setFieldValue("company_id", same?.id ?? null);
      }}
    />
  );
}
