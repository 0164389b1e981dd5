// Lists that come page by page: the button for the next page, and the whole frame of a table of them.
import { Button, Card, ScrollArea, Stack } from "@mantine/core";
import type { TablerIcon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Empty, Failure, Rows } from "./feedback";

interface Pages {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage(): Promise<unknown>;
}

/** Nothing where there is no further page. */
export function More({
  query,
  m,
  children,
}: {
  query: Pages;
  m?: string | undefined;
  children: ReactNode;
}) {
  if (!query.hasNextPage) return null;
  return (
    <Button
      {...(m !== undefined && { m })}
      variant="default"
      loading={query.isFetchingNextPage}
      onClick={() => void query.fetchNextPage()}
    >
      {children}
    </Button>
  );
}

/** A failure, placeholders, words for nothing found, or the table; below it the button. */
export function PagedTable({
  query,
  none,
  count,
  icon,
  title,
  hint,
  more,
  children,
}: {
  query: Pages & {
    isError: boolean;
    isLoading: boolean;
    isSuccess: boolean;
    error: unknown;
    refetch(): Promise<unknown>;
  };
  none: boolean;
  count: number;
  icon: TablerIcon;
  title: string;
  hint: string;
  more: string;
  children: ReactNode;
}) {
  return (
    <Stack>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={count} />}
      {query.isSuccess && none && (
        <Card withBorder>
          <Empty icon={icon} title={title} hint={hint} />
        </Card>
      )}
      {!none && (
        <Card withBorder padding={0}>
          <ScrollArea>{children}</ScrollArea>
        </Card>
      )}
      <More query={query}>{more}</More>
    </Stack>
  );
}
