// Where somebody is signed in, and ending it. `user` null: the own sessions.
import { Alert, Badge, Button, Group, ScrollArea, Stack, Table, Text } from "@mantine/core";
import { IconDevices } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows, useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { moment as momentOf } from "@/wire/record";
import { endSession, endSessions, listSessions, type SignedInAt } from "@/wire/sign_in";
import { deviceOf } from "./device";

export function Sessions({ user }: { user: string | null }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const words = useErrorText();
  const key = ["sessions", user];
  const query = useQuery({ queryKey: key, queryFn: () => listSessions(user), staleTime: 0 });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={2} />;
  const { items, talking } = query.data;
  const end = async (work: Promise<{ ended: number }>) => {
    try {
      const { ended } = await work;
      notify({ color: "green", message: t("sessions.ended", { count: ended }) });
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    }
    await client.invalidateQueries({ queryKey: key });
  };
  const others = items.filter(({ current }) => !current).length;
  return (
    <Stack gap="sm" data-testid="sessions">
      {talking && others > 0 && (
        <Alert color="yellow" variant="light">
          {t("sessions.talking")}
        </Alert>
      )}
      {items.length === 0 ? (
        <Empty icon={IconDevices} title={t("sessions.none")} />
      ) : (
        <SessionTable items={items} onEnd={(id) => void end(endSession(user, id))} />
      )}
      <Group justify="flex-end">
        <Button
          variant="light"
          color="red"
          disabled={others === 0}
          onClick={() => void end(endSessions(user))}
        >
          {t(user === null ? "sessions.endOthers" : "sessions.endAll")}
        </Button>
      </Group>
    </Stack>
  );
}

function SessionTable({ items, onEnd }: { items: SignedInAt[]; onEnd(id: string): void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const at = (text: string) => moment(momentOf(text), serverNow(), language);
  return (
    <ScrollArea>
      <Table verticalSpacing="sm" miw={560}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("sessions.device")}</Table.Th>
            <Table.Th>{t("sessions.since")}</Table.Th>
            <Table.Th>{t("sessions.lastSeen")}</Table.Th>
            <Table.Th>
              <span className="cc-only-heard">{t("sessions.end")}</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((one) => (
            <Table.Tr key={one.id} data-current={one.current || undefined}>
              <Table.Td>
                <Group gap="xs">
                  <Text fw={600} title={one.browser}>
                    {deviceOf(one.browser) || t("sessions.unknownDevice")}
                  </Text>
                  {one.current && <Badge className="cc-badge">{t("sessions.current")}</Badge>}
                  {one.way === "sso" && (
                    <Badge className="cc-badge" variant="outline">
                      {t("sessions.sso")}
                    </Badge>
                  )}
                </Group>
                <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                  {one.address || "–"}
                </Text>
              </Table.Td>
              <Table.Td>{at(one.created)}</Table.Td>
              <Table.Td>{at(one.last_seen)}</Table.Td>
              <Table.Td ta="end">
                {!one.current && (
                  <Button
                    size="compact-sm"
                    color="red"
                    variant="subtle"
                    onClick={() => onEnd(one.id)}
                  >
                    {t("sessions.end")}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
