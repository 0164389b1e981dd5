// Looking for articles while one types. A search that stands for a while is told to the server, which
// reports what was looked for in vain.
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useLanguage } from "@/state/choices";
import { type ArticleFilter, noteSearch, searchArticles } from "@/wire/knowledge";

const TYPING_MS = 150;
const STANDS_MS = 2_000;

export function useArticleSearch(filter: ArticleFilter, active: boolean) {
  const language = useLanguage();
  const [q] = useDebouncedValue(filter.q.trim(), TYPING_MS);
  const query = useQuery({
    queryKey: ["articles", { ...filter, q, language }],
    queryFn: () => searchArticles({ ...filter, q, language }),
    enabled: active,
    placeholderData: (before) => before,
  });
  const found = query.isPlaceholderData ? undefined : query.data?.length;
  const { queue } = filter;
  useEffect(() => {
    if (q === "" || found === undefined || !active) return;
    const timer = setTimeout(() => {
      // Only a report is poorer when this is lost.
      noteSearch({ query: q, results: found, queue: queue ?? null }).catch(() => undefined);
    }, STANDS_MS);
    return () => clearTimeout(timer);
  }, [q, found, queue, active]);
  return { ...query, q };
}
