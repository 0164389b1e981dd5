// One customer: who it is, everything that happened, and what was merged in.
import { Alert, Anchor, Badge, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconArrowMerge, IconPencil } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CallerTags } from "@/components/caller_tags";
import { CustomerLink } from "@/components/crm/customer_link";
import { HistoryList } from "@/components/crm/history_list";
import { useOwnText } from "@/components/crm/own_text";
import { customerFieldsQuery } from "@/components/crm/queries";
import { CustomerForm, editOf } from "@/components/customer_form_lazy";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { PhoneText } from "@/components/person";
import { useCommand } from "@/components/use_command";
import { useAgentName, useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { useSession } from "@/state/session";
import { listCustomers, listMerges, undoMerge } from "@/wire/crm";
import { type CustomerRecord, moment as seconds } from "@/wire/record";
import { ApiError, type CustomerEdit, changeCustomer, readCustomerById } from "@/wire/rest";
import { PersonalData } from "./personal_data";

export function CustomerDetail({ id, onShow }: { id: string; onShow: (id: string) => void }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const { role } = useSession();
  const query = useQuery({ queryKey: ["customer", id], queryFn: () => readCustomerById(id) });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={6} />;
  const customer = query.data;
  if (customer.mergedInto !== null) {
    const into = customer.mergedInto;
    return (
      <Alert icon={<IconArrowMerge />} title={t("merge.gone", { name: customer.name })}>
        <Button size="xs" onClick={() => onShow(into)}>
          {t("merge.open")}
        </Button>
      </Alert>
    );
  }
  return (
    <Stack>
      <Card withBorder data-testid="customer">
        <Group justify="space-between" wrap="nowrap" align="flex-start" mb="sm">
          <Title order={3} size="h4" style={{ overflowWrap: "anywhere" }}>
            {customer.name}
          </Title>
          {!editing && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPencil size={14} />}
              onClick={() => setEditing(true)}
            >
              {t("action.edit")}
            </Button>
          )}
        </Group>
        {editing ? (
          <Edit customer={customer} onDone={() => setEditing(false)} />
        ) : (
          <Facts customer={customer} />
        )}
      </Card>
      {customer.kind === "company" && <CompanyPeople id={id} />}
      <Card withBorder>
        <Title order={3} size="h5" mb="sm">
          {t("timeline.title")}
        </Title>
        <HistoryList customer={id} />
      </Card>
      <Merges customer={customer} />
      {role === "administrator" && <PersonalData customer={customer} onGone={() => onShow("")} />}
    </Stack>
  );
}

/** A change by somebody else meanwhile is shown, what was typed stays, and saving again is possible. */
function Edit({ customer, onDone }: { customer: CustomerRecord; onDone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const start = useRef(customer);
  const version = useRef(customer.version);
  const [others, setOthers] = useState<string[]>([]);
  const save = async (edit: CustomerEdit) => {
    try {
      const after = await changeCustomer(customer.id, edit, version.current);
      queries.setQueryData(["customer", customer.id], after);
      void queries.invalidateQueries({ queryKey: ["customers"] });
      notify({ color: "green", message: t("customer.saved") });
      onDone();
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 409) {
        const now = await readCustomerById(customer.id);
        version.current = now.version;
        setOthers(differences(editOf(start.current), editOf(now)));
      }
      throw problem;
    }
  };
  return (
    <>
      {others.length > 0 && (
        <Alert color="orange" title={t("form.changedMeanwhile")} mb="sm" role="alert">
          {others.map((one) => (
            <Text size="sm" key={one} style={{ overflowWrap: "anywhere" }}>
              {one}
            </Text>
          ))}
        </Alert>
      )}
      <CustomerForm
        start={editOf(start.current)}
        id={customer.id}
        draft={`customer-${customer.id}`}
        submitLabel={t("action.save")}
        onCancel={onDone}
        onSubmit={save}
      />
    </>
  );
}

/** What somebody else changed: field and the value now. */
function differences(before: CustomerEdit, now: CustomerEdit): string[] {
  const same = (name: keyof CustomerEdit) =>
    JSON.stringify(before[name]) === JSON.stringify(now[name]);
  return (Object.keys(now) as (keyof CustomerEdit)[])
    .filter((name) => !same(name))
    .map(
      (name) => `${name}: ${typeof now[name] === "string" ? now[name] : JSON.stringify(now[name])}`,
    );
}

export function Facts({ customer }: { customer: CustomerRecord }) {
  const { t } = useTranslation();
  const { data: fields = [] } = useQuery(customerFieldsQuery);
  const ownText = useOwnText();
  const agentName = useAgentName();
  const rows: [string, string][] = [
    [t("customer.owner"), customer.ownerAgent === null ? "" : agentName(customer.ownerAgent)],
    ...fields.map((field): [string, string] => [
      field.name,
      ownText(field, customer.custom[field.code]),
    ]),
    [t("customer.notes"), customer.notes],
  ];
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <CallerTags vip={customer.vip} language={customer.language} tags={customer.tags} />
        {customer.blocked && <Badge color="red">{t("customer.blockedShort")}</Badge>}
        {Object.entries(customer.consent).map(([channel, state]) => (
          <Badge
            key={channel}
            className="cc-badge"
            variant="light"
            color={state === "refused" ? "red" : "green"}
          >
            {t(`consent.${channel}` as "consent.call")}: {t(`consent.${state || "unknown"}`)}
          </Badge>
        ))}
      </Group>
      {customer.company && (
        <Text size="sm">
          {customer.companyId === null ? (
            customer.company
          ) : (
            <CustomerLink id={customer.companyId}>{customer.company}</CustomerLink>
          )}
        </Text>
      )}
      {customer.numbers.map(({ number, label }) => (
        <Group key={number} gap="xs">
          <PhoneText number={number} name={customer.name} customer={customer.id} />
          <Text size="xs" c="dimmed">
            {label}
          </Text>
        </Group>
      ))}
      {customer.emails.map(({ address, typed, label }) => (
        <Group key={address} gap="xs">
          <Anchor href={`mailto:${address}`} size="sm" style={{ overflowWrap: "anywhere" }}>
            {typed}
          </Anchor>
          <Text size="xs" c="dimmed">
            {label}
          </Text>
        </Group>
      ))}
      {rows
        .filter(([, value]) => value !== "")
        .map(([label, value]) => (
          <div key={label}>
            <Text size="xs" c="dimmed">
              {label}
            </Text>
            <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
              {value}
            </Text>
          </div>
        ))}
    </Stack>
  );
}

function CompanyPeople({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["customers", "company", id],
    queryFn: () => listCustomers({ q: "", company: id }, null, 50),
  });
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="sm">
        {t("customer.people")}
      </Title>
      {data?.items.length === 0 && (
        <Text size="sm" c="dimmed">
          {t("customer.noPeople")}
        </Text>
      )}
      <Group gap="xs">
        {data?.items.map((one) => (
          <CustomerLink key={one.id} id={one.id}>
            {one.name}
          </CustomerLink>
        ))}
      </Group>
    </Card>
  );
}

function Merges({ customer }: { customer: CustomerRecord }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queries = useQueryClient();
  const { role } = useSession();
  const { run, pending } = useCommand();
  const { data = [] } = useQuery({
    queryKey: ["merges", customer.id],
    queryFn: () => listMerges(customer.id),
  });
  const standing = data.filter((merge) => merge.undone_at === null);
  if (standing.length === 0) return null;
  return (
    <Card withBorder>
      <Title order={3} size="h5" mb="sm">
        {t("merge.title")}
      </Title>
      {standing.map((merge) => (
        <Group key={merge.id} justify="space-between">
          <Text size="sm">
            {t("merge.line", {
              name: merge.merged_name,
              by: merge.by,
              at: moment(seconds(merge.at), serverNow(), language),
            })}
          </Text>
          {role !== "agent" && (
            <Button
              size="compact-sm"
              variant="default"
              loading={pending}
              onClick={() =>
                void run(async () => {
                  await undoMerge(merge.id);
                  await queries.invalidateQueries();
                })
              }
            >
              {t("merge.undo")}
            </Button>
          )}
        </Group>
      ))}
    </Card>
  );
}
