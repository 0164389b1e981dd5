// A ticket from the call: the form opens over the desk, begins with the customer, keeps the link to the
// call, and what is typed stays when it is closed. Loaded when it is first opened.
import { Button } from "@mantine/core";
import { IconTicket } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Late, late } from "@/components/late";
import { needTexts } from "@/state/i18n";
import type { CallRow } from "@/wire/messages";
import type { CustomerRecord } from "@/wire/record";

const WINDOW = late(async () => {
  const [part] = await Promise.all([import("./ticket_window"), needTexts("crm")]);
  return part.TicketWindow;
});

export function TicketOfCall({ row, customer }: { row: CallRow; customer: CustomerRecord | null }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState(false);
  const [opened, setOpened] = useState(false);
  return (
    <>
      <Button
        size="compact-sm"
        variant="light"
        leftSection={<IconTicket size={14} />}
        onClick={() => {
          setAsked(true);
          setOpened(true);
        }}
      >
        {t("ticket.new")}
      </Button>
      {asked && (
        <Late part={WINDOW} props={{ row, customer, opened, close: () => setOpened(false) }} />
      )}
    </>
  );
}
