// A3 to A5 on the desk: the call on top, who it is on the left, what was before in the middle, how it
// ends on the right. The same screen from ring to wrap-up, so nothing jumps. The record is painted in the
// first frame; what is not read at the ring (older history, the form) follows in the next.
import { Card, Stack } from "@mantine/core";
import { IconHistory, IconUsers } from "@tabler/icons-react";
import { useDeferredValue } from "react";
import { useTranslation } from "react-i18next";
import { ContactList } from "@/components/contact_list";
import { Empty } from "@/components/feedback";
import { useConsole } from "@/state/console";
import { isAsked } from "@/state/live";
import type { CallRow } from "@/wire/messages";
import { readCard } from "@/wire/record";
import { CallBar } from "./call_bar";
import { CallerPanel } from "./caller_panel";
import { DeskTabs } from "./desk_tabs";
import { TicketOfCall } from "./ticket_of_call";
import { WrapUpForm } from "./wrap_up_form";

const FIRST_CONTACTS = 3;

export function CallDesk({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const asked = useConsole(({ live }) => isAsked(row, live.agent));
  const painted = useDeferredValue(true, false);
  const [card] = row.cards;
  const customer = row.cards.length === 1 && card !== undefined ? readCard(card) : null;
  return (
    <Stack data-testid="call-desk" data-call={row.call} data-stage={row.stage}>
      <CallBar row={row} customer={customer} />
      {row.direction === "internal" ? (
        <Card withBorder>
          <Empty icon={IconUsers} title={t("internal.title")} hint={t("internal.hint")} />
        </Card>
      ) : (
        <div className="cc-desk">
          <CallerPanel row={row} customer={customer} />
          <DeskTabs row={row} actions={painted && <TicketOfCall row={row} customer={customer} />}>
            {customer === null ? (
              <Empty
                icon={IconHistory}
                title={t("timeline.noCustomer")}
                hint={t("timeline.noCustomerHint")}
              />
            ) : (
              <ContactList
                key={customer.id}
                customer={customer.id}
                known={painted ? customer.history : customer.history.slice(0, FIRST_CONTACTS)}
              />
            )}
          </DeskTabs>
          {asked ? (
            <Card withBorder>
              <Empty icon={IconUsers} title={t("consult.asked")} hint={t("consult.askedHint")} />
            </Card>
          ) : painted ? (
            <WrapUpForm row={row} />
          ) : (
            <Card withBorder mih={420} aria-busy="true" />
          )}
        </div>
      )}
    </Stack>
  );
}
