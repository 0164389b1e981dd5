// What was changed in the plan, by whom, and the way back.
import { Badge, Button, Group, Modal, Stack, Table, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows, useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useAgentName, useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { count, moment } from "@/state/format";
import { ApiError } from "@/wire/rest";
import { listShiftChanges, undoShiftChange } from "@/wire/shifts";
import { dayText } from "./plan_values";

/** Takes a change back; says so, or why not. */
export function usePlanUndo(): (change: string) => Promise<void> {
  const { t } = useTranslation();
  const words = useErrorText();
  const client = useQueryClient();
  return async (change) => {
    try {
      await undoShiftChange(change);
      notify({ color: "green", message: t("plan.undone") });
    } catch (problem) {
      const passed = problem instanceof ApiError && problem.status === 409;
      notify({ color: "red", message: passed ? t("plan.passed") : words(problem) });
    }
    await client.invalidateQueries({ queryKey: ["shifts"] });
    await client.invalidateQueries({ queryKey: ["report", "staffing"] });
  };
}

export function PlanChanges({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const agentName = useAgentName();
  const undo = usePlanUndo();
  const query = useQuery({ queryKey: ["shifts", "changes"], queryFn: listShiftChanges });
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={<Text fw={650}>{t("plan.changes")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack data-testid="plan-changes">
        {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
        {query.isLoading && <Rows count={4} />}
        {query.data?.length === 0 && (
          <Empty icon={IconHistory} title={t("plan.noChanges")} hint={t("plan.noChangesHint")} />
        )}
        {query.data && query.data.length > 0 && (
          <Table fz="sm" verticalSpacing={6}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("plan.changed")}</Table.Th>
                <Table.Th>{t("plan.changedBy")}</Table.Th>
                <Table.Th>{t("plan.changedDays")}</Table.Th>
                <Table.Th />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {query.data.map((change) => (
                <Table.Tr key={change.id} data-change={change.kind}>
                  <Table.Td>
                    <Group gap="xs">
                      <Badge variant="light" className="cc-badge">
                        {t(`planKind.${change.kind}`)}
                      </Badge>
                      {moment(Date.parse(change.at) / 1000, serverNow(), language)}
                    </Group>
                  </Table.Td>
                  <Table.Td>{change.by_name}</Table.Td>
                  <Table.Td>
                    {[
                      change.agents.length === 1
                        ? agentName(change.agents[0] ?? "")
                        : t("plan.agents", { count: change.agents.length }),
                      change.first === change.last
                        ? dayText(change.first, language)
                        : `${dayText(change.first, language)} – ${dayText(change.last, language)}`,
                      t("plan.days", {
                        count: change.days,
                        shown: count(change.days, language),
                      }),
                    ].join(" · ")}
                  </Table.Td>
                  <Table.Td ta="end">
                    {change.undone ? (
                      <Text size="sm" c="dimmed">
                        {t("plan.wasUndone")}
                      </Text>
                    ) : (
                      <Button
                        size="compact-sm"
                        variant="default"
                        onClick={() => void undo(change.id)}
                      >
                        {t("plan.undo")}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Modal>
  );
}
