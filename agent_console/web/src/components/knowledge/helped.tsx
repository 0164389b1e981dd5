// "Helped / didn't help", counted once a reader and call.
import { Button, Group, Text } from "@mantine/core";
import { IconThumbDown, IconThumbUp } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { type ArticleRead, sayOfArticle } from "@/wire/knowledge";

interface Props {
  article: ArticleRead;
  call: string;
  query: string;
}

export function Helped({ article, call, query }: Props) {
  const { t } = useTranslation();
  const words = useErrorText();
  const queries = useQueryClient();
  const [said, setSaid] = useState<boolean | null>(null);
  const say = async (helped: boolean) => {
    try {
      await sayOfArticle(article.id, { helped, call, query });
      setSaid(helped);
      void queries.invalidateQueries({ queryKey: ["article", article.id] });
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    }
  };
  return (
    <Group gap="xs">
      <Button
        size="compact-sm"
        variant={said === true ? "filled" : "light"}
        color="green"
        aria-pressed={said === true}
        leftSection={<IconThumbUp size={14} />}
        onClick={() => void say(true)}
      >
        {t("knowledge.helped")}
      </Button>
      <Button
        size="compact-sm"
        variant={said === false ? "filled" : "light"}
        color="orange"
        aria-pressed={said === false}
        leftSection={<IconThumbDown size={14} />}
        onClick={() => void say(false)}
      >
        {t("knowledge.notHelped")}
      </Button>
      <Text size="xs" c="dimmed" role="status">
        {said === null ? "" : t("knowledge.thanks")}
      </Text>
    </Group>
  );
}
