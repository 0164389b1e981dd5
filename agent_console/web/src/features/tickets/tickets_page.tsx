// Tickets: the list on the left, one on the right. Which one is shown stands in the address.
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
  const { id } = useSearch({ strict: false }) as TicketsSearch;
  const show = (next: string | null) =>
    void navigate({ to: "/tickets", search: next === null ? {} : { id: next } });
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <TicketList picked={id} onPick={show} onNew={() => show(NEW)} />
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
