// Who calls: one customer (shown, can be changed), several (pick one), or nobody known yet (make one).
import { Anchor, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconPencil, IconSearch, IconUserPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CallerTags } from "@/components/caller_tags";
import { useOwnText } from "@/components/crm/own_text";
import { customerFieldsQuery } from "@/components/crm/queries";
import { CustomerForm, editOf } from "@/components/customer_form_lazy";
import { CustomerLine, CustomerSearch } from "@/components/customer_search";
import { Rows } from "@/components/feedback";
import { PhoneText } from "@/components/person";
import { useCommand } from "@/components/use_command";
import { nameOf, useLanguage } from "@/state/choices";
import { command } from "@/state/console";
import type { CallRow } from "@/wire/messages";
import { type CustomerRecord, readCard } from "@/wire/record";
import { changeCustomer, createCustomer, readCustomerById } from "@/wire/rest";

interface Props {
  row: CallRow;
  customer: CustomerRecord | null;
}

export function CallerPanel({ row, customer }: Props) {
  const [other, setOther] = useState(false);
  const { run } = useCommand();
  const choose = async (id: string) => {
    const done = await run(() =>
      command({ type: "choose_customer", call: row.call, customer: id }),
    );
    if (done) setOther(false);
  };
  return (
    <Card withBorder data-testid="caller">
      {!row.known && row.cards.length === 0 ? (
        <Rows count={4} />
      ) : other ? (
        <Search onPick={choose} onBack={() => setOther(false)} />
      ) : customer !== null ? (
        <Known key={customer.id} card={customer} onOther={() => setOther(true)} />
      ) : row.cards.length > 1 ? (
        <Several row={row} onPick={choose} onOther={() => setOther(true)} />
      ) : (
        <NewCaller row={row} onMade={choose} onOther={() => setOther(true)} />
      )}
    </Card>
  );
}

function Search({ onPick, onBack }: { onPick: (id: string) => void; onBack: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Title order={3} size="h5">
          {t("caller.find")}
        </Title>
        <Anchor component="button" type="button" size="sm" onClick={onBack}>
          {t("action.back")}
        </Anchor>
      </Group>
      <CustomerSearch onPick={(found) => onPick(found.id)} />
    </Stack>
  );
}

function Several({
  row,
  onPick,
  onOther,
}: {
  row: CallRow;
  onPick: (id: string) => void;
  onOther: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        {t("caller.which")}
      </Title>
      <Text size="sm" c="dimmed">
        {t("caller.whichHint")}
      </Text>
      {row.cards.map((card) => (
        <CustomerLine key={card.id} customer={readCard(card)} onPick={() => onPick(card.id)} />
      ))}
      <Anchor component="button" type="button" size="sm" onClick={onOther}>
        {t("caller.someoneElse")}
      </Anchor>
    </Stack>
  );
}

function NewCaller({
  row,
  onMade,
  onOther,
}: {
  row: CallRow;
  onMade: (id: string) => Promise<void>;
  onOther: () => void;
}) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const numbers = row.number === "" ? [] : [{ number: row.number, label: "", typed: row.number }];
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <IconUserPlus size={20} />
        <Title order={3} size="h5">
          {t("caller.new")}
        </Title>
      </Group>
      <Text size="sm" c="dimmed">
        {t("caller.newHint")}
      </Text>
      <CustomerForm
        start={editOf({ name: row.name, numbers, language: row.language })}
        submitLabel={t("caller.create")}
        draft={`caller-${row.call}`}
        onSubmit={async (edit) => {
          const made = await createCustomer(edit);
          void queries.invalidateQueries({ queryKey: ["customers"] });
          await onMade(made.id);
        }}
      />
      <Button
        variant="subtle"
        size="compact-sm"
        leftSection={<IconSearch size={14} />}
        onClick={onOther}
        style={{ alignSelf: "flex-start" }}
      >
        {t("caller.existing")}
      </Button>
    </Stack>
  );
}

function Known({ card, onOther }: { card: CustomerRecord; onOther: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [editing, setEditing] = useState(false);
  const { data: customer = card } = useQuery({
    queryKey: ["customer", card.id],
    queryFn: () => readCustomerById(card.id),
    placeholderData: card,
  });
  if (editing) {
    return (
      <CustomerForm
        start={editOf(customer)}
        id={customer.id}
        draft={`customer-${customer.id}`}
        submitLabel={t("action.save")}
        onCancel={() => setEditing(false)}
        onSubmit={async (edit) => {
          const after = await changeCustomer(customer.id, edit, customer.version);
          queries.setQueryData(["customer", customer.id], after);
          setEditing(false);
        }}
      />
    );
  }
  return (
    <Stack gap="sm">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={3} size="h4" style={{ overflowWrap: "anywhere" }} data-testid="customer-name">
          {customer.name}
        </Title>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPencil size={14} />}
          onClick={() => setEditing(true)}
        >
          {t("action.edit")}
        </Button>
      </Group>
      <CallerTags vip={customer.vip} language={customer.language} tags={customer.tags} />
      <CustomerFields customer={customer} />
      <Anchor component="button" type="button" size="sm" onClick={onOther} ta="left">
        {t("caller.someoneElse")}
      </Anchor>
    </Stack>
  );
}

function CustomerFields({ customer }: { customer: CustomerRecord }) {
  const { t } = useTranslation();
  const { data: own = [] } = useQuery(customerFieldsQuery);
  const ownText = useOwnText();
  const language = useLanguage();
  const fields = [
    { label: t("customer.company"), value: customer.company },
    { label: t("customer.emails"), value: customer.emails.map(({ typed }) => typed).join(", ") },
    { label: t("customer.owner"), value: customer.ownerName },
    ...own
      .filter(({ shown }) => shown)
      .map((field) => ({
        label: nameOf(field, language),
        value: ownText(field, customer.custom[field.code]),
      })),
    { label: t("customer.notes"), value: customer.notes },
  ].filter(({ value }) => value !== "");
  return (
    <Stack gap="xs">
      {customer.numbers.length > 0 && (
        <div>
          <Text size="xs" c="dimmed">
            {t("customer.numbers")}
          </Text>
          {customer.numbers.map(({ number }) => (
            <div key={number}>
              <PhoneText number={number} />
            </div>
          ))}
        </div>
      )}
      {fields.map(({ label, value }) => (
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
