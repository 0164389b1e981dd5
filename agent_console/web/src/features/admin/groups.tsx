// Groups of agents by condition: who is in which now, and where it is used.
import { ActionIcon, Button, Card, Group, Modal, ScrollArea, Table, Text } from "@mantine/core";
import { IconPlus, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useRemoval } from "@/components/removal";
import { type AgentGroup, type GroupBody, putGroup, removeGroup } from "@/wire/groups";
import { agentsQuery, groupsQuery, queuesQuery } from "./directory";
import { GroupForm } from "./group_form";

export function Groups() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const groups = useQuery(groupsQuery);
  const agents = useQuery(agentsQuery);
  const queues = useQuery(queuesQuery);
  const remove = useGroupRemoval();
  const [editing, setEditing] = useState<AgentGroup | "new" | null>(null);
  const failed = [groups, agents, queues].find((query) => query.isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!groups.data || !agents.data || !queues.data) return <Rows count={4} />;

  const save = async (id: string, body: GroupBody) => {
    try {
      await putGroup(id, body);
    } finally {
      await client.invalidateQueries({ queryKey: ["admin"] });
    }
    setEditing(null);
  };
  const nameOf = (of: { id: string; name: string }[], id: string) =>
    of.find((one) => one.id === id)?.name ?? id;
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {t("group.hint")}
        </Text>
        <Button
          leftSection={<IconPlus size={16} />}
          onClick={() => setEditing("new")}
          style={{ flexShrink: 0 }}
        >
          {t("group.new")}
        </Button>
      </Group>
      {groups.data.length === 0 ? (
        <Empty icon={IconUsersGroup} title={t("group.none")} hint={t("group.noneHint")} />
      ) : (
        <ScrollArea>
          <Table highlightOnHover verticalSpacing="sm" miw={640}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("group.name")}</Table.Th>
                <Table.Th>{t("group.members")}</Table.Th>
                <Table.Th>{t("group.usedBy")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {groups.data.map((group) => (
                <Table.Tr key={group.id}>
                  <Table.Td>
                    <Text fw={600}>{group.name}</Text>
                    <Text size="xs" c="dimmed">
                      {group.id}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    {group.members.map((id) => nameOf(agents.data, id)).join(", ") || "–"}
                  </Table.Td>
                  <Table.Td>
                    {group.queues.map((id) => nameOf(queues.data, id)).join(", ") || "–"}
                  </Table.Td>
                  <Table.Td>
                    <Group gap={4} justify="flex-end" wrap="nowrap">
                      <Button size="compact-sm" variant="subtle" onClick={() => setEditing(group)}>
                        {t("action.edit")}
                      </Button>
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        disabled={group.queues.length > 0}
                        aria-label={t("group.remove", { name: group.name })}
                        onClick={() => void remove(group)}
                      >
                        <IconTrash size={16} />
                      </ActionIcon>
                    </Group>
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
        title={<Text fw={650}>{editing === "new" ? t("group.new") : t("group.change")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {editing !== null && (
          <GroupForm
            group={editing === "new" ? null : editing}
            agents={agents.data}
            queues={queues.data}
            onSave={save}
            onReload={async () => {
              const { data } = await groups.refetch();
              const id = editing === "new" ? null : editing.id;
              return data?.find((group) => group.id === id) ?? null;
            }}
          />
        )}
      </Modal>
    </Card>
  );
}

/** The same condition under the same id comes back. */
function useGroupRemoval() {
  const { t } = useTranslation();
  const removal = useRemoval(["admin"]);
  return ({ id, name, match, clauses }: AgentGroup) =>
    removal({
      told: t("group.removed", { name }),
      remove: () => removeGroup(id),
      putBack: () => putGroup(id, { name, match, clauses, version: 0 }),
    });
}
