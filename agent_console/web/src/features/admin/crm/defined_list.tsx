// A list of things an administrator defined, each opened in a form, with a button for a new one.
import { Button, Card, Group, Modal, Table, Text, Title } from "@mantine/core";
import { IconForms, IconPlus } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";

interface Props<T> {
  title: string;
  addLabel: string;
  items: readonly T[] | undefined;
  error: unknown;
  retry: () => void;
  keyOf: (item: T) => string;
  cells: (item: T) => ReactNode[];
  /** The form of one, null: of a new one. */
  form: (item: T | null, done: () => void) => ReactNode;
}

export function DefinedList<T>(props: Props<T>) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState<T | "new" | null>(null);
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={3} size="h5">
          {props.title}
        </Title>
        <Button size="xs" leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
          {props.addLabel}
        </Button>
      </Group>
      {props.error !== null && props.error !== undefined && (
        <Failure error={props.error} retry={props.retry} />
      )}
      {props.items === undefined && !props.error && <Rows count={3} />}
      {props.items?.length === 0 && <Empty icon={IconForms} title={t("define.none")} />}
      {props.items !== undefined && props.items.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Tbody>
              {props.items.map((item) => (
                <Table.Tr key={props.keyOf(item)}>
                  {props.cells(item).map((cell, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: cells have no other name
                    <Table.Td key={at}>{cell}</Table.Td>
                  ))}
                  <Table.Td ta="end">
                    <Button size="compact-sm" variant="subtle" onClick={() => setEditing(item)}>
                      {t("action.edit")}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        size="xl"
        title={<Text fw={650}>{props.title}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {editing !== null && props.form(editing === "new" ? null : editing, () => setEditing(null))}
      </Modal>
    </Card>
  );
}
