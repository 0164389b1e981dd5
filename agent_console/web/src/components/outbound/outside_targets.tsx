// Somebody outside for a caller: a number, or one of the directory, to be asked first or given him at once.
import { Button, Group, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconArrowForwardUp, IconMessageQuestion } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { useCommand } from "@/components/use_command";
import { command } from "@/state/console";
import { contactsQuery } from "@/state/dial";
import { phone } from "@/state/format";
import type { CallRow } from "@/wire/messages";

export interface OutsideProps {
  row: CallRow;
  /** What is searched for in the whole dialog. */
  text: string;
  close: () => void;
}

export function OutsideTargets({ row, text, close }: OutsideProps) {
  const { t } = useTranslation();
  const [number, setNumber] = useState("");
  const contacts = useQuery(contactsQuery);
  const { run, pending } = useCommand();
  const wanted = text.trim().toLocaleLowerCase();
  const found = (contacts.data ?? []).filter(
    (one) =>
      wanted === "" ||
      `${one.name} ${one.note}`.toLocaleLowerCase().includes(wanted) ||
      one.number.includes(wanted),
  );
  const does = async (to: string, name: string, give: boolean) => {
    const body = { type: "consult_number", call: row.call, number: to, name, give } as const;
    if (await run(() => command(body))) close();
  };
  return (
    <Stack data-testid="outside">
      <Group align="flex-end" wrap="nowrap">
        <TextInput
          flex={1}
          type="tel"
          label={t("outside.number")}
          description={t("outside.hint")}
          maxLength={80}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <Both disabled={pending || number.trim() === ""} does={(give) => does(number, "", give)} />
      </Group>
      {contacts.isError && <Failure error={contacts.error} retry={() => void contacts.refetch()} />}
      {contacts.isPending && <Rows count={3} />}
      {contacts.data !== undefined && found.length === 0 && (
        <Text c="dimmed" ta="center" py="sm">
          {t("outside.none")}
        </Text>
      )}
      <Table verticalSpacing="xs">
        <Table.Tbody>
          {found.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                <Text fw={600}>{one.name}</Text>
                <Text size="xs" c="dimmed">
                  {[phone(one.number), one.note].filter(Boolean).join(" · ")}
                </Text>
              </Table.Td>
              <Table.Td>
                <Both disabled={pending} does={(give) => does(one.number, one.name, give)} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function Both({ disabled, does }: { disabled: boolean; does: (give: boolean) => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap">
      <Button
        size="xs"
        variant="light"
        leftSection={<IconMessageQuestion size={16} />}
        disabled={disabled}
        onClick={() => void does(false)}
      >
        {t("transfer.consult")}
      </Button>
      <Button
        size="xs"
        leftSection={<IconArrowForwardUp size={16} />}
        disabled={disabled}
        onClick={() => void does(true)}
      >
        {t("transfer.give")}
      </Button>
    </Group>
  );
}
