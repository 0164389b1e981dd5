// The number of new messages beside the voicemail link, asked for now and then.
import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { newMessagesQuery } from "@/state/messages";

export function NewMessages() {
  const { t } = useTranslation();
  const { data } = useQuery(newMessagesQuery);
  if (!data) return null;
  return (
    <Badge
      size="xs"
      color="red"
      className="cc-new"
      aria-label={t("frame.newMessages", { count: data })}
    >
      {data > 99 ? "99+" : data}
    </Badge>
  );
}
