// The queues: a table and a form with the settings a first centre needs, and the members.
import { Button, Card, Group, Modal, ScrollArea, Switch, Table, Text } from "@mantine/core";
import { IconPlus, IconStack2 } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows, useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { type CallbackRulesBody, listCallbackRules, putCallbackRules } from "@/wire/callbacks";
import { listFlows } from "@/wire/flows";
import { putMembers, putQueue, type QueueBody, type QueueEntry } from "@/wire/rest";
import { agentsQuery, groupsQuery, queuesQuery } from "./directory";
import { atCallbackFields } from "./queue_callback_values";
import { QueueForm } from "./queue_form";

export function Queues() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const queues = useQuery(queuesQuery);
  const agents = useQuery(agentsQuery);
  const flows = useQuery({ queryKey: ["admin", "flow-names"], queryFn: listFlows });
  const rules = useQuery({ queryKey: ["admin", "callback-rules"], queryFn: listCallbackRules });
  const turn = useSwitch();
  const [editing, setEditing] = useState<QueueEntry | "new" | null>(null);
  const groups = useQuery(groupsQuery);
  const failed = [queues, agents, rules, groups].find((query) => query.isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  if (!queues.data || !agents.data || !rules.data || !groups.data) return <Rows count={4} />;
  const agentName = (id: string) => agents.data.find((agent) => agent.id === id)?.name ?? id;

  const save = async (
    id: string,
    body: QueueBody,
    members: string[],
    calling: CallbackRulesBody | null,
    stored: (version: number) => void,
  ) => {
    try {
      const { version } = await putQueue(id, body);
      stored(version);
      stored((await putMembers(id, members, version)).version);
      if (calling !== null) {
        await putCallbackRules(id, calling).catch((problem: unknown) => {
          throw atCallbackFields(problem, calling);
        });
      }
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
                <Table.Th>{t("admin.open")}</Table.Th>
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
                  <Table.Td>
                    {[...queue.members, ...queue.by_group].map(agentName).join(", ") || "–"}
                  </Table.Td>
                  <Table.Td>
                    <Switch
                      checked={queue.enabled ?? true}
                      aria-label={t("admin.takesCallers", { name: queue.name })}
                      onChange={(event) => void turn(queue, event.currentTarget.checked)}
                    />
                  </Table.Td>
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
        size="xl"
        title={
          <Text fw={650}>{editing === "new" ? t("admin.newQueue") : t("admin.changeQueue")}</Text>
        }
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {editing !== null && (
          <QueueForm
            queue={editing === "new" ? null : editing}
            agents={agents.data}
            callbacks={rules.data}
            places={{
              groups: groups.data.map(({ id, name }) => ({ value: id, label: name })),
              queues: queues.data.map(({ id, name }) => ({ value: id, label: name })),
              flows: (flows.data ?? [])
                .filter(({ published_version }) => published_version !== null)
                .map(({ name, title }) => ({ value: name, label: title || name })),
            }}
            onSave={save}
            onReload={async () => {
              const { data } = await queues.refetch();
              const id = editing === "new" ? null : editing.id;
              return data?.find((queue) => queue.id === id) ?? null;
            }}
          />
        )}
      </Modal>
    </Card>
  );
}

/** On or off at once, with a way back: who waits stays, nobody new is let in. */
function useSwitch() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const words = useErrorText();
  return useCallback(
    async (queue: QueueEntry, on: boolean) => {
      try {
        await putQueue(queue.id, { name: queue.name, enabled: on });
        notify({
          color: on ? "green" : "yellow",
          message: t(on ? "admin.openedNow" : "admin.closedNow", { name: queue.name }),
        });
      } catch (problem) {
        notify({ color: "red", message: words(problem) });
      } finally {
        await client.invalidateQueries({ queryKey: ["admin"] });
      }
    },
    [client, t, words],
  );
}
