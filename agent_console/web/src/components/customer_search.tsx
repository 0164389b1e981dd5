// Find a customer by name or number while typing, and pick one.
import { Avatar, Group, Paper, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconUserOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { initials, phone } from "@/state/format";
import type { CustomerRecord } from "@/wire/record";
import { searchCustomers } from "@/wire/rest";
import { Empty, Failure, Rows } from "./feedback";

interface Props {
  onPick: (customer: CustomerRecord) => void;
  /** Show the first customers before anything is typed. */
  listAll?: boolean;
  picked?: string | undefined;
}

export function CustomerSearch({ onPick, listAll = false, picked }: Props) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), 200);
  const query = useQuery({
    queryKey: ["customers", asked],
    queryFn: () => searchCustomers(asked),
    enabled: listAll || asked.length >= 2,
    placeholderData: (before) => before,
  });
  return (
    <Stack gap="sm">
      <TextInput
        leftSection={<IconSearch size={16} />}
        placeholder={t("customer.searchHint")}
        aria-label={t("customer.search")}
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={4} />}
      {query.data?.length === 0 && (
        <Empty
          icon={IconUserOff}
          title={t("customer.noneFound")}
          hint={t("customer.noneFoundHint")}
        />
      )}
      <Stack gap={6}>
        {query.data?.map((customer) => (
          <CustomerLine
            key={customer.id}
            customer={customer}
            picked={customer.id === picked}
            onPick={() => onPick(customer)}
          />
        ))}
      </Stack>
    </Stack>
  );
}

export function CustomerLine({
  customer,
  picked = false,
  onPick,
}: {
  customer: CustomerRecord;
  picked?: boolean;
  onPick: () => void;
}) {
  const under = [customer.company, ...customer.numbers.map(({ number }) => phone(number))]
    .filter(Boolean)
    .join(" · ");
  return (
    <UnstyledButton onClick={onPick} aria-pressed={picked}>
      <Paper
        withBorder
        p="xs"
        className="cc-clickable"
        {...(picked ? { bd: "1px solid var(--mantine-primary-color-filled)" } : {})}
      >
        <Group gap="sm" wrap="nowrap">
          <Avatar radius="xl" color="teal">
            {initials(customer.name)}
          </Avatar>
          <div style={{ minWidth: 0 }}>
            <Text fw={600} size="sm" truncate>
              {customer.name}
            </Text>
            <Text size="xs" c="dimmed" truncate className="cc-figures">
              {under}
            </Text>
          </div>
        </Group>
      </Paper>
    </UnstyledButton>
  );
}
