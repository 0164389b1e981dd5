// Customers, tickets and articles that fit what is typed in the palette: asked for when the typing rests.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLanguage } from "@/state/choices";
import { type ArticleRead, searchArticles } from "@/wire/knowledge";
import type { CustomerRecord } from "@/wire/record";
import { searchCustomers, searchTickets, type TicketEntry } from "@/wire/rest";

const RESTS_MS = 200;
const SHOWN_MAX = 5;
const HAN = /[\u4e00-\u9fff]/;

interface Found {
  customers: CustomerRecord[];
  tickets: TicketEntry[];
  articles: ArticleRead[];
  busy: boolean;
  failed: boolean;
}

/** One Chinese character is a name already; two letters are needed of others. */
export const worthAsking = (text: string): boolean => text.length >= 2 || HAN.test(text);

export function useFound(query: string): Found {
  const language = useLanguage();
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
  const articles = useQuery({
    queryKey: ["palette", "articles", text, language],
    queryFn: () => searchArticles({ q: text, language }),
    ...ask,
  });
  const all = [customers, tickets, articles];
  return {
    customers: enabled ? (customers.data ?? []).slice(0, SHOWN_MAX) : [],
    tickets: enabled ? (tickets.data ?? []) : [],
    articles: enabled ? (articles.data ?? []).slice(0, SHOWN_MAX) : [],
    busy: worthAsking(typed) && (text !== typed || all.some((one) => one.isFetching)),
    failed: enabled && all.every((one) => one.isError),
  };
}
