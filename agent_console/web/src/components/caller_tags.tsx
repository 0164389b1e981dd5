// The short marks on a caller: VIP, language, free tags.
import { Badge, Group } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

interface Props {
  vip: boolean;
  language: string;
  tags: string[];
}

export function CallerTags({ vip, language, tags }: Props) {
  const { t, i18n } = useTranslation();
  const key = `language.${language}`;
  return (
    <Group gap={6}>
      {vip && (
        <Badge
          size="sm"
          color="yellow"
          variant="filled"
          className="cc-badge"
          leftSection={<IconStarFilled size={10} />}
        >
          {t("customer.vipShort")}
        </Badge>
      )}
      {language !== "" && (
        <Badge size="sm" variant="default" className="cc-badge">
          {i18n.exists(key) ? t(key as "language.en") : language}
        </Badge>
      )}
      {tags.map((tag) => (
        <Badge key={tag} size="sm" variant="light" color="gray" className="cc-badge">
          {tag}
        </Badge>
      ))}
    </Group>
  );
}
