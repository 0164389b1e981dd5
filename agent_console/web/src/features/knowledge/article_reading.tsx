// An article as readers see it.
import { Badge, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconLink, IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { ArticleText } from "@/components/knowledge/article_text";
import { Helped } from "@/components/knowledge/helped";
import { linkOf } from "@/components/knowledge/link";
import { notify } from "@/components/notices";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment as dayTime } from "@/state/format";
import { readArticle, readArticleDraft } from "@/wire/knowledge";
import { moment } from "@/wire/record";
import { ApiError } from "@/wire/rest";

interface Props {
  id: string;
  query: string;
  writes: boolean;
  onEdit: () => void;
}

export function ArticleReading({ id, query, writes, onEdit }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const read = useQuery({
    queryKey: ["article", id],
    queryFn: async () => {
      try {
        return await readArticle(id);
      } catch (problem) {
        // Who writes also sees what nobody has published yet.
        if (writes && problem instanceof ApiError && problem.status === 404)
          return await readArticleDraft(id);
        throw problem;
      }
    },
  });
  const article = read.data;
  if (read.isError) return <Failure error={read.error} retry={() => void read.refetch()} />;
  if (article === undefined) return <Rows count={8} />;
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(linkOf(article));
      notify({ color: "green", message: t("knowledge.copied") });
    } catch {
      notify({ color: "red", message: t("knowledge.notCopied") });
    }
  };
  return (
    <Stack gap="sm" data-testid="article">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div>
          <Title order={3} size="h4" style={{ overflowWrap: "anywhere" }}>
            {article.title}
          </Title>
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {dayTime(moment(article.updated), serverNow(), language)} · {article.updated_by}
            </Text>
            {article.archived && <Badge color="gray">{t("knowledge.archived")}</Badge>}
            {article.published === null && <Badge color="gray">{t("knowledge.draft")}</Badge>}
          </Group>
        </div>
        <Group gap="xs" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconLink size={14} />}
            onClick={() => void copy()}
          >
            {t("knowledge.copy")}
          </Button>
          {writes && (
            <Button size="xs" leftSection={<IconPencil size={14} />} onClick={onEdit}>
              {t("action.edit")}
            </Button>
          )}
        </Group>
      </Group>
      <ArticleText html={article.html} />
      <Group justify="space-between">
        <Helped article={article} call="" query={query} />
        <Text size="sm" c="dimmed">
          {t("knowledge.counts", { helped: article.helped, not: article.not_helped })}
        </Text>
      </Group>
    </Stack>
  );
}
