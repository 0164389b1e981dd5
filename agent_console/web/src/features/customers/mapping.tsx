// Where the columns of a file go, what to do with doubles, and the two buttons: try, and take in.
import { Button, Group, Radio, Select, Stack, Table, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { customerFieldsQuery } from "@/components/crm/queries";
import { Failure } from "@/components/feedback";
import { nameOf, useLanguage } from "@/state/choices";
import { type Duplicates, type ImportRead, startImport } from "@/wire/crm";

const TARGETS = [
  "name",
  "kind",
  "company",
  "numbers",
  "emails",
  "tags",
  "language",
  "vip",
  "blocked",
  "owner_agent",
  "priority",
  "notes",
] as const;
const CHANNELS = ["call", "sms", "email", "marketing"] as const;
const POLICIES: Duplicates[] = ["skip", "update", "create"];

export function Mapping({
  one,
  onStarted,
}: {
  one: ImportRead;
  onStarted: (after: ImportRead) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { data: fields = [] } = useQuery(customerFieldsQuery);
  const [columns, setColumns] = useState(one.columns.map(({ target }) => target));
  const [duplicates, setDuplicates] = useState<Duplicates>(one.duplicates);
  const start = useMutation({
    mutationFn: (dry_run: boolean) => startImport(one.id, { columns, duplicates, dry_run }),
    onSuccess: onStarted,
  });
  const data = [
    ...TARGETS.map((target) => ({ value: target as string, label: t(`target.${target}`) })),
    ...fields.map((field) => ({
      value: `custom.${field.code}`,
      label: nameOf(field, language),
    })),
    ...CHANNELS.map((channel) => ({
      value: `consent.${channel}`,
      label: `${t("consent.title")}: ${t(`consent.${channel}`)}`,
    })),
  ];
  return (
    <Stack gap="sm">
      <Table.ScrollContainer minWidth={480}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("files.column")}</Table.Th>
              <Table.Th>{t("files.samples")}</Table.Th>
              <Table.Th>{t("files.target")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {one.columns.map((column, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns may have the same name
              <Table.Tr key={at}>
                <Table.Td>{column.name}</Table.Td>
                <Table.Td>
                  <Text size="xs" c="dimmed" lineClamp={2}>
                    {column.samples.join(" · ")}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Select
                    aria-label={t("files.targetOf", { column: column.name })}
                    placeholder={t("files.leaveOut")}
                    clearable
                    searchable
                    data={data}
                    value={columns[at] || null}
                    onChange={(target) =>
                      setColumns(columns.map((before, i) => (i === at ? (target ?? "") : before)))
                    }
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Radio.Group
        label={t("files.duplicates")}
        value={duplicates}
        onChange={(policy) => setDuplicates(policy as Duplicates)}
      >
        <Stack gap={6} mt={6}>
          {POLICIES.map((policy) => (
            <Radio key={policy} value={policy} label={t(`duplicates.${policy}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {start.isError && <Failure error={start.error} />}
      <Group>
        <Button variant="default" loading={start.isPending} onClick={() => start.mutate(true)}>
          {t("files.try")}
        </Button>
        <Button loading={start.isPending} onClick={() => start.mutate(false)}>
          {t("files.takeIn")}
        </Button>
      </Group>
    </Stack>
  );
}
