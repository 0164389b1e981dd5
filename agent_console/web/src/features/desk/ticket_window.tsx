// The window over the desk with the form for a ticket from the call (`ticket_of_call`).
import { Modal, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { NewTicket } from "@/components/crm/new_ticket";
import { notify } from "@/components/notices";
import { useSession } from "@/state/session";
import type { CallRow } from "@/wire/messages";
import type { CustomerRecord } from "@/wire/record";

interface Props {
  row: CallRow;
  customer: CustomerRecord | null;
  opened: boolean;
  close: () => void;
}

export function TicketWindow({ row, customer, opened, close }: Props) {
  const { t } = useTranslation();
  const { agent } = useSession();
  return (
    <Modal
      opened={opened}
      onClose={close}
      size="lg"
      title={<Text fw={650}>{t("ticket.new")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {opened && (
        <NewTicket
          customer={customer}
          call={row.call}
          owner={agent}
          draft={`ticket-${row.call}`}
          onCancel={close}
          onMade={(made) => {
            close();
            notify({ color: "green", message: t("ticket.made", { number: made.number }) });
          }}
        />
      )}
    </Modal>
  );
}
