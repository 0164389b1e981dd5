// A link to a customer's page.
import { Anchor, Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

export function CustomerLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Anchor
      size="sm"
      renderRoot={(props) => <Link {...props} to="/customers" search={{ id }} />}
      style={{ overflowWrap: "anywhere" }}
    >
      {children}
    </Anchor>
  );
}

export function CustomerButton({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      renderRoot={(props) => <Link {...props} to="/customers" search={{ id }} />}
    >
      {children}
    </Button>
  );
}
