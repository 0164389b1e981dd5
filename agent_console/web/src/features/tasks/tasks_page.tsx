// What is due: tasks and follow-up calls, the first due first; done, tried again, or put off from here.
import {
  Badge,
  Button,
  Card,
  Chip,
  Group,
  Modal,
  Paper,
  SegmentedControl,
  Text,
  Title,
} from "@mantine/core";
import { IconCheckbox, IconPhone, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomerLink } from "@/components/crm/customer_link";
import { EndlessRows } from "@/components/crm/endless_rows";
import { TicketAnchor } from "@/components/crm/ticket_anchor";
import { DueBadge } from "@/components/crm/ticket_words";
import { DialCustomer } from "@/components/dial_button";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useCommand } from "@/components/use_command";
import { useAgentName } from "@/state/choices";
import { usePlacedState } from "@/state/places";
import { useSession } from "@/state/session";
import { listTasks, reopenTask, type TaskRead } from "@/wire/crm";
import { DoTask, NewTask } from "./task_forms";

const STATES = ["open", "done", "cancelled"] as const;

export function TasksPage() {
  const { t } = useTranslation();
  const { agent } = useSession();
  const queries = useQueryClient();
  const [state, setState] = usePlacedState<TaskRead["state"]>("tasks", "open");
  const [mine, setMine] = usePlacedState("tasks of mine", agent !== null);
  const [adding, setAdding] = useState(false);
  const [doing, setDoing] = useState<TaskRead | null>(null);
  const asked = {
    state,
    ...(mine && agent !== null ? { owner: agent, unowned: state === "open" } : {}),
  };
  const query = useInfiniteQuery({
    queryKey: ["tasks", asked],
    queryFn: ({ pageParam }) => listTasks(asked, pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 60_000,
  });
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  const changed = () => queries.invalidateQueries({ queryKey: ["tasks"] });
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h4">
          {t("page.tasks")}
        </Title>
        <Button size="xs" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
          {t("task.new")}
        </Button>
      </Group>
      <Group mb="sm">
        <SegmentedControl
          size="xs"
          aria-label={t("task.state")}
          data={STATES.map((value) => ({ value, label: t(`taskState.${value}`) }))}
          value={state}
          onChange={(next) => setState(next as TaskRead["state"])}
        />
        {agent !== null && (
          <Chip size="xs" checked={mine} onChange={setMine}>
            {t("task.mine")}
          </Chip>
        )}
      </Group>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={6} height={64} />}
      {query.data !== undefined && items.length === 0 && (
        <Empty icon={IconCheckbox} title={t("task.none")} hint={t("task.noneHint")} />
      )}
      <EndlessRows
        items={items}
        keyOf={({ id }) => id}
        rowHeight={72}
        label={t("page.tasks")}
        more={query.hasNextPage && !query.isFetchingNextPage}
        onMore={() => void query.fetchNextPage()}
        render={(task) => (
          <Line task={task} onDo={() => setDoing(task)} onChanged={() => void changed()} />
        )}
      />
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={<Text fw={650}>{t("task.new")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {adding && (
          <NewTask
            onDone={() => {
              setAdding(false);
              void changed();
            }}
          />
        )}
      </Modal>
      <Modal
        opened={doing !== null}
        onClose={() => setDoing(null)}
        title={<Text fw={650}>{doing?.title}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {doing !== null && (
          <DoTask
            task={doing}
            onDone={() => {
              setDoing(null);
              void changed();
            }}
          />
        )}
      </Modal>
    </Card>
  );
}

function Line({
  task,
  onDo,
  onChanged,
}: {
  task: TaskRead;
  onDo: () => void;
  onChanged: () => void;
}) {
  const { t } = useTranslation();
  const agentName = useAgentName();
  const { run } = useCommand();
  const Icon = task.kind === "call" ? IconPhone : IconCheckbox;
  return (
    <Paper withBorder p="xs" data-testid="task">
      <Group justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap" miw={0}>
          <Icon size={18} aria-label={t(`taskKind.${task.kind}`)} />
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={600} truncate>
              {task.title}
            </Text>
            <Group gap={6}>
              {task.customer !== null && (
                <>
                  <CustomerLink id={task.customer}>{task.customer_name}</CustomerLink>
                  <DialCustomer customer={task.customer} name={task.customer_name} />
                </>
              )}
              {task.ticket !== null && (
                <TicketAnchor id={task.ticket}>#{task.ticket_number}</TicketAnchor>
              )}
              <Text size="xs" c="dimmed">
                {task.owner_agent === null ? t("task.nobody") : agentName(task.owner_agent)}
              </Text>
              {task.attempts > 0 && (
                <Text size="xs" c="dimmed">
                  {t("task.attempts", { count: task.attempts })}
                </Text>
              )}
              {task.result !== "" && (
                <Badge className="cc-badge" variant="light">
                  {t(`taskResult.${task.result}` as "taskResult.done")}
                </Badge>
              )}
            </Group>
          </div>
        </Group>
        <Group gap="xs" wrap="nowrap">
          {task.state === "open" && <DueBadge due={task.due} />}
          {task.state === "open" ? (
            <Button size="xs" variant="light" onClick={onDo}>
              {t("task.do")}
            </Button>
          ) : (
            <Button
              size="xs"
              variant="default"
              onClick={() =>
                void run(async () => {
                  await reopenTask(task.id, task.version);
                  onChanged();
                })
              }
            >
              {t("task.reopen")}
            </Button>
          )}
        </Group>
      </Group>
    </Paper>
  );
}
