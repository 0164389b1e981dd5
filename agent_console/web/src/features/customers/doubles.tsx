// Customers who may be one and the same, side by side, to be made one. Each merge can be undone.
import { Button, Card, Group, Radio, Stack, Text, Title } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomerButton } from "@/components/crm/customer_link";
import { Empty, Failure, Rows } from "@/components/feedback";
import { notify, takeBack } from "@/components/notices";
import { useCommand } from "@/components/use_command";
import { phone } from "@/state/format";
import { listDoubles, mergeCustomers, undoMerge } from "@/wire/crm";
import type { CustomerRecord } from "@/wire/record";

export function Doubles() {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["customers", "doubles"], queryFn: listDoubles });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={4} height={90} />;
  if (query.data.length === 0) {
    return <Empty icon={IconUsersGroup} title={t("doubles.none")} hint={t("doubles.noneHint")} />;
  }
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {t("doubles.hint")}
      </Text>
      {query.data.map(({ shared, customers }) => (
        <Double key={customers.map(({ id }) => id).join()} shared={shared} customers={customers} />
      ))}
    </Stack>
  );
}

function Double({ shared, customers }: { shared: string; customers: CustomerRecord[] }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { run, pending } = useCommand();
  const [keep, setKeep] = useState(customers[0]?.id ?? "");
  // What they share comes folded; a name stands there as one of them writes it.
  const written = customers.find(({ name }) => name.toLowerCase() === shared)?.name;
  const merge = () =>
    run(async () => {
      let kept = customers.find(({ id }) => id === keep);
      const done: string[] = [];
      for (const other of customers.filter(({ id }) => id !== keep)) {
        if (kept === undefined) return;
        const answer = await mergeCustomers(kept, other);
        done.push(answer.merge.id);
        kept = { ...kept, version: answer.customer.version };
      }
      await queries.invalidateQueries({ queryKey: ["customers"] });
      const note = notify({
        color: "green",
        autoClose: 12_000,
        message: (
          <Group justify="space-between">
            <Text size="sm">{t("merge.done")}</Text>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => {
                takeBack(note);
                void run(async () => {
                  for (const id of done.reverse()) await undoMerge(id);
                  await queries.invalidateQueries({ queryKey: ["customers"] });
                });
              }}
            >
              {t("merge.undo")}
            </Button>
          </Group>
        ),
      });
    });
  return (
    <Card withBorder data-testid="double">
      <Title order={3} size="h5" mb="xs">
        {shared.startsWith("+") ? phone(shared) : (written ?? shared)}
      </Title>
      <Radio.Group value={keep} onChange={setKeep} label={t("doubles.keep")}>
        <Stack gap="xs" my="xs">
          {customers.map((one) => (
            <Group key={one.id} justify="space-between" wrap="nowrap">
              <Radio
                value={one.id}
                label={one.name}
                description={[
                  one.company,
                  ...one.numbers.map(({ number }) => phone(number)),
                  ...one.emails.map(({ address }) => address),
                ]
                  .filter(Boolean)
                  .join(" · ")}
              />
              <CustomerButton id={one.id}>{t("action.open")}</CustomerButton>
            </Group>
          ))}
        </Stack>
      </Radio.Group>
      <Button size="xs" loading={pending} onClick={() => void merge()}>
        {t("merge.do")}
      </Button>
    </Card>
  );
}
