// Articles beside a call: suggested by its queue and by what was chosen in the menu, searched while one
// types; read, judged, and put into the note as a link.
import { ActionIcon, Button, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconArrowLeft, IconBook, IconLink, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useLanguage } from "@/state/choices";
import { appendNote } from "@/state/draft";
import { readArticle, sayOfArticle, suggestArticles } from "@/wire/knowledge";
import type { CallRow } from "@/wire/messages";
import { ArticleLine } from "./article_line";
import { ArticleText } from "./article_text";
import { Helped } from "./helped";
import { linkOf } from "./link";
import { useArticleSearch } from "./search";

export function DeskKnowledge({ row }: { row: CallRow }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState<string | null>(null);
  const searching = typed.trim() !== "";
  const queue = row.queue === null ? {} : { queue: row.queue };
  const suggested = useQuery({
    queryKey: ["articles-suggested", row.queue, row.path, language],
    queryFn: () => suggestArticles({ ...queue, path: [...row.path], language }),
  });
  const search = useArticleSearch({ q: typed, ...queue }, searching);
  const shown = searching ? search : suggested;
  if (open !== null) {
    return <Reading id={open} row={row} query={search.q} onBack={() => setOpen(null)} />;
  }
  return (
    <Stack gap="sm" data-testid="desk-knowledge">
      <TextInput
        leftSection={<IconSearch size={16} />}
        aria-label={t("knowledge.search")}
        placeholder={t("knowledge.search")}
        maxLength={100}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {!searching && (suggested.data?.length ?? 0) > 0 && (
        <Text size="sm" c="dimmed">
          {t("knowledge.suggested")}
        </Text>
      )}
      {shown.isError && <Failure error={shown.error} retry={() => void shown.refetch()} />}
      {shown.isLoading && <Rows count={3} />}
      {shown.data?.length === 0 && (
        <Empty
          icon={IconBook}
          title={searching ? t("knowledge.nothing") : t("knowledge.noSuggestion")}
          hint={searching ? t("knowledge.nothingHint") : t("knowledge.noSuggestionHint")}
        />
      )}
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {shown.data?.map((article) => (
          <li key={article.id}>
            <ArticleLine article={article} onOpen={() => setOpen(article.id)} />
          </li>
        ))}
      </Stack>
    </Stack>
  );
}

function Reading({
  id,
  row,
  query,
  onBack,
}: {
  id: string;
  row: CallRow;
  query: string;
  onBack: () => void;
}) {
  const { t } = useTranslation();
  const read = useQuery({ queryKey: ["article", id], queryFn: () => readArticle(id) });
  const call = row.part_of || row.call;
  const insert = async () => {
    if (read.data === undefined) return;
    appendNote(call, linkOf(read.data));
    notify({ color: "green", message: t("knowledge.inserted") });
    // The link in the note is there anyway; this one is for the call's record.
    await sayOfArticle(id, { call, query }).catch(() => undefined);
  };
  return (
    <Stack gap="sm" data-testid="article">
      <Group gap="xs" wrap="nowrap">
        <ActionIcon variant="subtle" size="lg" aria-label={t("action.back")} onClick={onBack}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <Title order={4} size="h5" style={{ overflowWrap: "anywhere" }}>
          {read.data?.title}
        </Title>
      </Group>
      {read.isError && <Failure error={read.error} retry={() => void read.refetch()} />}
      {read.isLoading && <Rows count={6} />}
      {read.data !== undefined && (
        <>
          <ArticleText html={read.data.html} />
          <Group justify="space-between">
            <Helped article={read.data} call={call} query={query} />
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconLink size={14} />}
              onClick={() => void insert()}
            >
              {t("knowledge.insert")}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}
