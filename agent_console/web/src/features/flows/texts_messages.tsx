// What became of each text message, and sending one again.
import { Badge, Button, ScrollArea, Select, Stack, Table, Text } from "@mantine/core";
import { IconMessage } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { listTexts, sendTextAgain, type TextState } from "@/wire/texts";
import { useMoment } from "./moment";
import { COLOURS, STATES } from "./texts_looks";

export function Messages() {
  const { t } = useTranslation();
  const moment = useMoment();
  const client = useQueryClient();
  const [state, setState] = useState<TextState | null>(null);
  const [error, setError] = useState<unknown>(null);
  const query = useQuery({
    queryKey: ["texts", "messages", state],
    queryFn: () => listTexts(state),
    staleTime: 0,
    refetchInterval: 10_000,
  });
  const again = async (id: number) => {
    setError(null);
    try {
      await sendTextAgain(id);
    } catch (problem) {
      setError(problem);
    }
    await client.invalidateQueries({ queryKey: ["texts"] });
  };
  return (
    <Stack>
      <Select
        label={t("texts.state")}
        placeholder={t("texts.all")}
        clearable
        w={220}
        data={STATES.map((value) => ({ value, label: t(`textState.${value}`) }))}
        value={state}
        onChange={(value) => setState(value as TextState | null)}
      />
      {error !== null && <Failure error={error} />}
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={4} />}
      {query.data?.items.length === 0 && (
        <Empty icon={IconMessage} title={t("texts.none")} hint={t("texts.noneHint")} />
      )}
      {query.data && query.data.items.length > 0 && (
        <ScrollArea>
          <Table verticalSpacing="xs" miw={600}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("texts.when")}</Table.Th>
                <Table.Th>{t("texts.to")}</Table.Th>
                <Table.Th>{t("texts.words")}</Table.Th>
                <Table.Th>{t("texts.state")}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.items.map((one) => (
                <Table.Tr key={one.id}>
                  <Table.Td>{moment(one.created)}</Table.Td>
                  <Table.Td>{one.to}</Table.Td>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{one.words}</Table.Td>
                  <Table.Td>
                    <Badge color={COLOURS[one.state]} variant="light" className="cc-badge">
                      {t(`textState.${one.state}`)}
                    </Badge>
                    {one.trouble !== "" && (
                      <Text size="xs" c="dimmed">
                        {t("texts.tries", { count: one.tries })} {one.trouble}
                      </Text>
                    )}
                    {one.state !== "sent" && (
                      <Button
                        size="compact-xs"
                        variant="default"
                        onClick={() => void again(one.id)}
                      >
                        {t("texts.again")}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea>
      )}
    </Stack>
  );
}
