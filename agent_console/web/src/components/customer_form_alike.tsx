// While a customer is typed in: who has that number, address or name already.
import { Alert, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { CustomerLink } from "@/components/crm/customer_link";
import { findAlike } from "@/wire/crm";
import type { CustomerEdit } from "@/wire/rest";

export function AlikeHint({ edit, besides }: { edit: CustomerEdit; besides: string }) {
  const { t } = useTranslation();
  const typed = (entries: { typed: string }[]) =>
    entries.map((entry) => entry.typed.trim()).filter(Boolean);
  const [asked] = useDebouncedValue(
    JSON.stringify({
      name: edit.name.trim(),
      numbers: typed(edit.numbers),
      emails: typed(edit.emails),
    }),
    500,
  );
  const body = JSON.parse(asked) as { name: string; numbers: string[]; emails: string[] };
  const { data } = useQuery({
    queryKey: ["alike", asked, besides],
    queryFn: () => findAlike({ ...body, besides }),
    enabled: body.name !== "" || body.numbers.length > 0 || body.emails.length > 0,
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconUsers />} title={t("alike.title")} role="status">
      <Stack gap={2}>
        {data.slice(0, 5).map(({ customer, reasons }) => (
          <Text size="sm" key={customer.id}>
            <CustomerLink id={customer.id}>{customer.name}</CustomerLink> (
            {reasons.map((reason) => t(`alike.${reason}` as "alike.name")).join(", ")})
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}
