// A supervisor without a team sees nothing, and is told why.
import { Card } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Empty } from "@/components/feedback";

export function NoTeam() {
  const { t } = useTranslation();
  return (
    <Card withBorder>
      <Empty icon={IconUsersGroup} title={t("team.notYet")} hint={t("team.notYetHint")} />
    </Card>
  );
}
