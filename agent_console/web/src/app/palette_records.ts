// Customers and tickets that fit what is typed in the palette: asked for when the typing rests.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { CustomerRecord } from "@/wire/record";
import { searchCustomers, searchTickets, type TicketEntry } from "@/wire/rest";

const RESTS_MS = 200;
const SHOWN_MAX = 5;
const HAN = /[\u4e00-\u9fff]/;

interface Found {
  customers: CustomerRecord[];
  tickets: TicketEntry[];
  busy: boolean;
  failed: boolean;
}

/** One Chinese character is a name already; two letters are needed of others. */
export const worthAsking = (text: string): boolean => text.length >= 2 || HAN.test(text);

export function useFound(query: string): Found {
  const typed = query.trim();
  const [text] = useDebouncedValue(typed, RESTS_MS);
  const enabled = worthAsking(text);
  const ask = { enabled, placeholderData: keepPreviousData, staleTime: 5_000 };
  const customers = useQuery({
    queryKey: ["palette", "customers", text],
    queryFn: () => searchCustomers(text),
    ...ask,
  });
  const tickets = useQuery({
    queryKey: ["palette", "tickets", text],
    queryFn: () => searchTickets(text, SHOWN_MAX),
    ...ask,
  });
  return {
    customers: enabled ? (customers.data ?? []).slice(0, SHOWN_MAX) : [],
    tickets: enabled ? (tickets.data ?? []) : [],
    busy: worthAsking(typed) && (text !== typed || customers.isFetching || tickets.isFetching),
    failed: enabled && customers.isError && tickets.isError,
  };
}
