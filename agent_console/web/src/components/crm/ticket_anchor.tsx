// A ticket named in a list: a link to its page.
import { Anchor } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

export function TicketAnchor({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Anchor
      size="sm"
      style={{ overflowWrap: "anywhere" }}
      renderRoot={(props) => <Link {...props} to="/tickets" search={{ id }} />}
    >
      {children}
    </Anchor>
  );
}
