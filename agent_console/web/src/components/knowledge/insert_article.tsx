// "Insert article": looks for an article while one types, and hands its link to the text being written.
import { Button, Popover, Stack, Text, TextInput } from "@mantine/core";
import { IconBook2 } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { ArticleLine } from "./article_line";
import { linkOf } from "./link";
import { useArticleSearch } from "./search";

const SHOWN_MAX = 6;

export function InsertArticle({ onLink }: { onLink: (link: string) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const [q, setQ] = useState("");
  const found = useArticleSearch({ q }, open);
  return (
    <Popover opened={open} onChange={setOpen} width={340} position="top-start" withArrow trapFocus>
      <Popover.Target>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconBook2 size={14} />}
          aria-expanded={open}
          onClick={() => setOpen((was) => !was)}
        >
          {t("knowledge.insertArticle")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs" data-testid="insert-article">
          <TextInput
            size="xs"
            label={t("knowledge.findArticle")}
            maxLength={200}
            data-autofocus
            value={q}
            onChange={(event) => setQ(event.currentTarget.value)}
          />
          {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
          {found.isLoading && <Rows count={3} />}
          {found.data?.length === 0 && (
            <Text size="sm" c="dimmed">
              {t("knowledge.noArticle")}
            </Text>
          )}
          {found.data?.slice(0, SHOWN_MAX).map((article) => (
            <ArticleLine
              key={article.id}
              article={article}
              onOpen={() => {
                onLink(linkOf(article));
                setOpen(false);
                setQ("");
              }}
            />
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
