// A ticket from the call: the form opens over the desk, begins with the customer, keeps the link to the
// call, and what is typed stays when it is closed. Loaded when it is first opened.
import { Button, Modal, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconTicket } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Rows } from "@/components/feedback";
import { needTexts } from "@/state/i18n";
import { useSession } from "@/state/session";
import type { CallRow } from "@/wire/messages";
import type { CustomerRecord } from "@/wire/record";

const NewTicket = lazy(async () => {
  const [form] = await Promise.all([import("@/components/crm/new_ticket"), needTexts("crm")]);
  return { default: form.NewTicket };
});

export function TicketOfCall({ row, customer }: { row: CallRow; customer: CustomerRecord | null }) {
  const { t } = useTranslation();
  const { agent } = useSession();
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconTicket size={14} />}
        onClick={() => setOpen(true)}
      >
        {t("ticket.new")}
      </Button>
      <Modal
        opened={open}
        onClose={close}
        size="lg"
        title={<Text fw={650}>{t("ticket.new")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {open && (
          <Suspense fallback={<Rows count={5} />}>
            <NewTicket
              customer={customer}
              call={row.call}
              owner={agent}
              draft={`ticket-${row.call}`}
              onCancel={close}
              onMade={(made) => {
                close();
                notifications.show({
                  color: "green",
                  message: t("ticket.made", { number: made.number }),
                });
              }}
            />
          </Suspense>
        )}
      </Modal>
    </>
  );
}
