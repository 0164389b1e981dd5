// What waits for an agent between calls: the own tasks and follow-up calls, what is due first on top, and
// the own open tickets.
import { Badge, Card, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconCheckbox, IconPhone, IconTicket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { listTasks, listTickets, type TaskRead } from "@/wire/crm";
import { CustomerButton, CustomerLink } from "./customer_link";
import { TicketAnchor } from "./ticket_anchor";
import { DueBadge } from "./ticket_words";

const SHOWN = 8;

export function MyWork({ agent }: { agent: string }) {
  return (
    <>
      <MyTasks agent={agent} />
      <MyTickets agent={agent} />
    </>
  );
}

function MyTasks({ agent }: { agent: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["tasks", "mine", agent],
    queryFn: () => listTasks({ owner: agent, state: "open" }, null),
  });
  const items = query.data?.items ?? [];
  return (
    <Card withBorder data-testid="my-tasks">
      <Group justify="space-between" mb="sm">
        <Title order={3} size="h5">
          {t("myWork.tasks")}
        </Title>
        {items.length > SHOWN && <Badge variant="light">{items.length}</Badge>}
      </Group>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={3} />}
      {query.data?.items.length === 0 && (
        <Empty icon={IconCheckbox} color="green" title={t("myWork.noTasks")} />
      )}
      <Stack gap="xs">
        {items.slice(0, SHOWN).map((task) => (
          <TaskLine key={task.id} task={task} />
        ))}
      </Stack>
    </Card>
  );
}

/** The customer's page has the numbers, to be dialled from there. */
function TaskLine({ task }: { task: TaskRead }) {
  const { t } = useTranslation();
  const Icon = task.kind === "call" ? IconPhone : IconCheckbox;
  return (
    <Paper withBorder p="xs">
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Icon size={16} aria-label={t(`taskKind.${task.kind}`)} style={{ flexShrink: 0 }} />
          <div style={{ minWidth: 0 }}>
            <Text size="sm" fw={600} truncate>
              {task.title}
            </Text>
            {task.customer !== null && (
              <CustomerLink id={task.customer}>{task.customer_name}</CustomerLink>
            )}
          </div>
        </Group>
        <Group gap={4} wrap="nowrap">
          <DueBadge due={task.due} />
          {task.customer !== null && task.kind === "call" && (
            <CustomerButton id={task.customer}>{t("myWork.open")}</CustomerButton>
          )}
        </Group>
      </Group>
    </Paper>
  );
}

function MyTickets({ agent }: { agent: string }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["tickets", "mine", agent],
    queryFn: () => listTickets({ q: "", owner: agent, state: "open", order: "due" }, null, SHOWN),
  });
  return (
    <Card withBorder data-testid="my-tickets">
      <Title order={3} size="h5" mb="sm">
        {t("myWork.tickets")}
      </Title>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={3} />}
      {query.data?.items.length === 0 && (
        <Empty icon={IconTicket} color="green" title={t("myWork.noTickets")} />
      )}
      <Stack gap="xs">
        {query.data?.items.map((ticket) => (
          <Group key={ticket.id} justify="space-between" wrap="nowrap" gap="xs">
            <div style={{ minWidth: 0 }}>
              <TicketAnchor id={ticket.id}>
                #{ticket.number} {ticket.subject}
              </TicketAnchor>
              <Text size="xs" c="dimmed" truncate>
                {ticket.customer_name}
              </Text>
            </div>
            {ticket.due !== null && <DueBadge due={ticket.due} />}
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
