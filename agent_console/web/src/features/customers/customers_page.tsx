// Customers outside a call: find, look, change, make new.

import { Button, Card, Grid, Group, Stack, Title } from "@mantine/core";
import { IconAddressBook, IconUserPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ContactList } from "@/components/contact_list";
import { CustomerForm, editOf } from "@/components/customer_form_lazy";
import { CustomerSearch } from "@/components/customer_search";
import { Empty, Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { changeCustomer, createCustomer, readCustomerById } from "@/wire/rest";

type Shown = { kind: "none" } | { kind: "new" } | { kind: "one"; id: string };

export function CustomersPage() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [shown, setShown] = useState<Shown>({ kind: "none" });
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Card withBorder>
          <Group justify="space-between" mb="sm">
            <Title order={2} size="h4">
              {t("page.customers")}
            </Title>
            <Button
              size="xs"
              leftSection={<IconUserPlus size={16} />}
              onClick={() => setShown({ kind: "new" })}
            >
              {t("customer.new")}
            </Button>
          </Group>
          <CustomerSearch
            listAll
            picked={shown.kind === "one" ? shown.id : undefined}
            onPick={({ id }) => setShown({ kind: "one", id })}
          />
        </Card>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        {shown.kind === "none" && (
          <Card withBorder>
            <Empty
              icon={IconAddressBook}
              title={t("customer.pick")}
              hint={t("customer.pickHint")}
            />
          </Card>
        )}
        {shown.kind === "new" && (
          <Card withBorder>
            <Title order={3} size="h4" mb="sm">
              {t("customer.new")}
            </Title>
            <CustomerForm
              start={editOf({ numbers: [] })}
              submitLabel={t("caller.create")}
              onCancel={() => setShown({ kind: "none" })}
              onSubmit={async (edit) => {
                const made = await createCustomer(edit);
                void queries.invalidateQueries({ queryKey: ["customers"] });
                setShown({ kind: "one", id: made.id });
              }}
            />
          </Card>
        )}
        {shown.kind === "one" && <CustomerDetail key={shown.id} id={shown.id} />}
      </Grid.Col>
    </Grid>
  );
}

function CustomerDetail({ id }: { id: string }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useQuery({ queryKey: ["customer", id], queryFn: () => readCustomerById(id) });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={6} />;
  const customer = query.data;
  return (
    <Stack>
      <Card withBorder>
        <Title order={3} size="h4" mb="sm" style={{ overflowWrap: "anywhere" }}>
          {customer.name}
        </Title>
        <CustomerForm
          key={customer.version}
          start={editOf(customer)}
          submitLabel={t("action.save")}
          onSubmit={async (edit) => {
            const after = await changeCustomer(id, edit, customer.version);
            queries.setQueryData(["customer", id], after);
            void queries.invalidateQueries({ queryKey: ["customers"] });
            notify({ color: "green", message: t("customer.saved") });
          }}
        />
      </Card>
      <Card withBorder>
        <Title order={3} size="h5" mb="sm">
          {t("timeline.title")}
        </Title>
        <ContactList customer={id} known={[]} />
      </Card>
    </Stack>
  );
}
