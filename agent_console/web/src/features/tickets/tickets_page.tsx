// Tickets: the list on the left, one on the right. What is looked for and which one is shown stand in the
// address.
import { Card, Grid, Title } from "@mantine/core";
import { IconTicket } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { NewTicket } from "@/components/crm/new_ticket";
import { Empty } from "@/components/feedback";
import type { TicketsSearch } from "@/state/addresses";
import { queryClient, useSession } from "@/state/session";
import { TicketDetail } from "./ticket_detail";
import { TicketList } from "./ticket_list";

const NEW = "new";

export function TicketsPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { agent } = useSession();
  const search: TicketsSearch = useSearch({ strict: false });
  const { id, ...looked } = search;
  const go = (next: TicketsSearch, replace = false) =>
    void navigate({ to: "/tickets", search: next, replace });
  // Behind a number one looks through the list and goes back to the report in one step.
  const show = (next: string | null) =>
    go(next === null ? looked : { ...looked, id: next }, looked.figure !== undefined);
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <TicketList
          search={search}
          onSearch={(next, replace) => go(id === undefined ? next : { ...next, id }, replace)}
          onPick={show}
          onNew={() => show(NEW)}
        />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        {id === undefined && (
          <Card withBorder>
            <Empty icon={IconTicket} title={t("ticket.pick")} hint={t("ticket.pickHint")} />
          </Card>
        )}
        {id === NEW && (
          <Card withBorder>
            <Title order={3} size="h4" mb="sm">
              {t("ticket.new")}
            </Title>
            <NewTicket
              customer={null}
              owner={agent}
              draft="ticket-new"
              onCancel={() => show(null)}
              onMade={(made) => {
                void queryClient.invalidateQueries({ queryKey: ["tickets"] });
                show(made.id);
              }}
            />
          </Card>
        )}
        {id !== undefined && id !== NEW && <TicketDetail key={id} id={id} onShow={show} />}
      </Grid.Col>
    </Grid>
  );
}
