// Customers outside a call: find, look, change, make new, merge doubles, take in and give out files. Who is
// shown stands in the address, so that back and reload lead to the same customer.
import { Card, Grid, Tabs, Title } from "@mantine/core";
import { IconAddressBook, IconFileImport, IconUsersGroup } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { CustomerForm, editOf } from "@/components/customer_form_lazy";
import { Empty } from "@/components/feedback";
import type { CustomersSearch, CustomersTab } from "@/state/addresses";
import { queryClient, useSession } from "@/state/session";
import { createCustomer } from "@/wire/rest";
import { CustomerDetail } from "./customer_detail";
import { CustomerList } from "./customer_list";
import { Doubles } from "./doubles";
import { Files } from "./files";

/** In the address instead of an id: the form for a new one. */
const NEW = "new";

export function CustomersPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { role } = useSession();
  const { id, tab = "list" } = useSearch({ strict: false }) as CustomersSearch;
  const show = (search: CustomersSearch) => void navigate({ to: "/customers", search });
  if (role === "agent") return <People id={id} onShow={(id) => show(id ? { id } : {})} />;
  return (
    <Tabs value={tab} onChange={(next) => show({ tab: next as CustomersTab })} keepMounted={false}>
      <Tabs.List mb="md">
        <Tabs.Tab value="list" leftSection={<IconAddressBook size={16} />}>
          {t("page.customers")}
        </Tabs.Tab>
        <Tabs.Tab value="doubles" leftSection={<IconUsersGroup size={16} />}>
          {t("doubles.title")}
        </Tabs.Tab>
        <Tabs.Tab value="files" leftSection={<IconFileImport size={16} />}>
          {t("files.title")}
        </Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="list">
        <People id={id} onShow={(id) => show(id ? { id } : {})} />
      </Tabs.Panel>
      <Tabs.Panel value="doubles">
        <Doubles />
      </Tabs.Panel>
      <Tabs.Panel value="files">
        <Files />
      </Tabs.Panel>
    </Tabs>
  );
}

function People({ id, onShow }: { id: string | undefined; onShow: (id: string | null) => void }) {
  const { t } = useTranslation();
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <CustomerList picked={id} onPick={onShow} onNew={() => onShow(NEW)} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        {id === undefined && (
          <Card withBorder>
            <Empty
              icon={IconAddressBook}
              title={t("customer.pick")}
              hint={t("customer.pickHint")}
            />
          </Card>
        )}
        {id === NEW && (
          <Card withBorder>
            <Title order={3} size="h4" mb="sm">
              {t("customer.new")}
            </Title>
            <CustomerForm
              start={editOf({ numbers: [] })}
              submitLabel={t("caller.create")}
              draft="customer-new"
              onCancel={() => onShow(null)}
              onSubmit={async (edit) => {
                const made = await createCustomer(edit);
                void queryClient.invalidateQueries({ queryKey: ["customers"] });
                onShow(made.id);
              }}
            />
          </Card>
        )}
        {id !== undefined && id !== NEW && <CustomerDetail key={id} id={id} onShow={onShow} />}
      </Grid.Col>
    </Grid>
  );
}
