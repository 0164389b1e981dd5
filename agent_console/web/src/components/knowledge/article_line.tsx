// An article in a list.
import { Anchor, Badge, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ArticleRead } from "@/wire/knowledge";

export function ArticleLine({ article, onOpen }: { article: ArticleRead; onOpen: () => void }) {
  const { t } = useTranslation();
  return (
    <Group justify="space-between" wrap="nowrap" gap="xs">
      <Anchor
        component="button"
        type="button"
        ta="start"
        fw={600}
        size="sm"
        mih={24}
        style={{ overflowWrap: "anywhere" }}
        onClick={onOpen}
      >
        {article.title}
      </Anchor>
      <Group gap={4} wrap="nowrap">
        {article.published === null && (
          <Badge size="sm" color="gray">
            {t("knowledge.draft")}
          </Badge>
        )}
        {article.helped > 0 && (
          <Text size="xs" c="dimmed" className="cc-figures" style={{ whiteSpace: "nowrap" }}>
            {t("knowledge.helpedCount", { count: article.helped })}
          </Text>
        )}
      </Group>
    </Group>
  );
}
