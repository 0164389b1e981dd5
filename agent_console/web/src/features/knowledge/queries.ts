// What the pages of the knowledge base share.
import { queryOptions } from "@tanstack/react-query";
import { listCategories } from "@/wire/knowledge";

export const categoriesQuery = queryOptions({
  queryKey: ["article-categories"],
  queryFn: listCategories,
  staleTime: 60_000,
});
