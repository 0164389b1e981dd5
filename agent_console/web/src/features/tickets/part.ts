// What each part of a ticket's page is given.
import type { TicketType, TicketWhole } from "@/wire/crm";

/** Does it, shows what was refused, and reads the ticket again; true: it was done. */
export type Run = (action: () => Promise<unknown>) => Promise<boolean>;

export interface Part {
  ticket: TicketWhole;
  type?: TicketType | undefined;
  run: Run;
}
