// What people looked for and did not get: the list of articles that are to be written.
import { Card, Table, Text } from "@mantine/core";
import { IconMoodSmile } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment as dayTime } from "@/state/format";
import { articleGaps } from "@/wire/knowledge";
import { moment } from "@/wire/record";

export function Gaps() {
  const { t } = useTranslation();
  const language = useLanguage();
  const query = useQuery({ queryKey: ["article-gaps"], queryFn: articleGaps });
  return (
    <Card withBorder>
      <Text size="sm" c="dimmed" mb="sm">
        {t("knowledge.gapsHint")}
      </Text>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={5} />}
      {query.data?.length === 0 && (
        <Empty icon={IconMoodSmile} color="green" title={t("knowledge.noGaps")} />
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("knowledge.gapQuery")}</Table.Th>
                <Table.Th ta="end">{t("knowledge.gapSearches")}</Table.Th>
                <Table.Th ta="end">{t("knowledge.gapNothing")}</Table.Th>
                <Table.Th ta="end">{t("knowledge.notHelped")}</Table.Th>
                <Table.Th ta="end">{t("knowledge.gapLast")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.map((gap) => (
                <Table.Tr key={gap.query}>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{gap.query}</Table.Td>
                  <Table.Td ta="end">{gap.searches}</Table.Td>
                  <Table.Td ta="end">{gap.without_result}</Table.Td>
                  <Table.Td ta="end">{gap.not_helped}</Table.Td>
                  <Table.Td ta="end">
                    {dayTime(moment(gap.last_at), serverNow(), language)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Card>
  );
}
