// The versions of an article: what changed from each to the next, and the way back.
import { Box, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment as dayTime } from "@/state/format";
import {
  type ArticleRead,
  type ArticleWhole,
  articleDiff,
  articleVersions,
  restoreArticle,
} from "@/wire/knowledge";
import { moment } from "@/wire/record";

interface Props {
  article: ArticleWhole;
  onRestored: (saved: ArticleRead) => void;
}

export function ArticleVersions({ article, onRestored }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [shown, setShown] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const query = useQuery({
    queryKey: ["article-versions", article.id, article.revision],
    queryFn: () => articleVersions(article.id),
  });
  const restore = async (number: number) => {
    setError(null);
    try {
      onRestored(await restoreArticle(article.id, { number, revision: article.revision }));
    } catch (problem) {
      setError(problem);
    }
  };
  if (query.data === undefined || query.data.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={4} size="h6">
        {t("knowledge.versions")}
      </Title>
      {error !== null && <Failure error={error} />}
      {query.data.map((version) => (
        <Box key={version.number}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {t("knowledge.version", { number: version.number })}
            </Text>
            <Text size="sm" c="dimmed" flex={1} style={{ overflowWrap: "anywhere" }}>
              {[dayTime(moment(version.at), serverNow(), language), version.by, version.note]
                .filter(Boolean)
                .join(" · ")}
            </Text>
            <Button
              size="compact-sm"
              variant="subtle"
              aria-expanded={shown === version.number}
              onClick={() => setShown(shown === version.number ? null : version.number)}
            >
              {t("knowledge.compare")}
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => void restore(version.number)}>
              {t("knowledge.restore")}
            </Button>
          </Group>
          {shown === version.number && (
            <Difference id={article.id} older={version.number} revision={article.revision} />
          )}
        </Box>
      ))}
    </Stack>
  );
}

const MARKS = { same: " ", gone: "−", new: "+" } as const;
const COLORS = { same: undefined, gone: "red", new: "green" } as const;

function Difference({ id, older, revision }: { id: string; older: number; revision: number }) {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["article-diff", id, older, revision],
    queryFn: () => articleDiff(id, older, 0),
  });
  if (query.isError) return <Failure error={query.error} />;
  const lines = query.data ?? [];
  if (query.isSuccess && lines.every(({ kind }) => kind === "same")) {
    return (
      <Text size="sm" c="dimmed">
        {t("knowledge.noDifference")}
      </Text>
    );
  }
  return (
    <Box component="pre" m={0} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
      {lines.map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name
        <Text key={at} size="sm" ff="monospace" c={COLORS[line.kind]}>
          {`${MARKS[line.kind]} ${line.text}`}
        </Text>
      ))}
    </Box>
  );
}
