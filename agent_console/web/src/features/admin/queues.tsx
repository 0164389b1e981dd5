// The queues: a table and a form with the settings a first centre needs, and the members.
import { Button, Card, Group, Modal, ScrollArea, Table, Text } from "@mantine/core";
import { IconPlus, IconStack2 } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { putMembers, putQueue, type QueueBody, type QueueEntry } from "@/wire/rest";
import { agentsQuery, queuesQuery } from "./directory";
import { QueueForm } from "./queue_form";

export function Queues() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const queues = useQuery(queuesQuery);
  const agents = useQuery(agentsQuery);
  const [editing, setEditing] = useState<QueueEntry | "new" | null>(null);
  const failed = [queues, agents].find((query) => query.isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!queues.data || !agents.data) return <Rows count={4} />;
  const agentName = (id: string) => agents.data.find((agent) => agent.id === id)?.name ?? id;

  const save = async (id: string, body: QueueBody, members: string[]) => {
    try {
      await putQueue(id, body);
      await putMembers(id, members);
    } finally {
      await client.invalidateQueries({ queryKey: ["admin"] });
    }
    setEditing(null);
  };
  return (
    <Card withBorder>
      <Group justify="flex-end" mb="sm">
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
          {t("admin.newQueue")}
        </Button>
      </Group>
      {queues.data.length === 0 ? (
        <Empty icon={IconStack2} title={t("queue.none")} hint={t("admin.noQueuesHint")} />
      ) : (
        <ScrollArea>
          <Table highlightOnHover verticalSpacing="sm" miw={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("admin.queueName")}</Table.Th>
                <Table.Th>{t("admin.strategy")}</Table.Th>
                <Table.Th>{t("admin.members")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {queues.data.map((queue) => (
                <Table.Tr key={queue.id}>
                  <Table.Td>
                    <Text fw={600}>{queue.name}</Text>
                    <Text size="xs" c="dimmed">
                      {queue.id}
                    </Text>
                  </Table.Td>
                  <Table.Td>{t(`strategy.${queue.strategy ?? "longest-idle"}`)}</Table.Td>
                  <Table.Td>{queue.members.map(agentName).join(", ") || "–"}</Table.Td>
                  <Table.Td ta="end">
                    <Button size="compact-sm" variant="subtle" onClick={() => setEditing(queue)}>
                      {t("action.edit")}
                    </Button>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        size="lg"
        title={
          <Text fw={650}>{editing === "new" ? t("admin.newQueue") : t("admin.changeQueue")}</Text>
        }
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {editing !== null && (
          <QueueForm
            queue={editing === "new" ? null : editing}
            agents={agents.data}
            onSave={save}
          />
        )}
      </Modal>
    </Card>
  );
}
