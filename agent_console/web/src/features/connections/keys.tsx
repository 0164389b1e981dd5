// API keys: a table, what revokes one, and the key itself, shown once.
import { Badge, Button, Card, Group, Modal, ScrollArea, Stack, Table, Text } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows, useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { type ApiKey, type KeyScope, listKeys, revokeKey } from "@/wire/connections";
import { NewKey } from "./key_form";
import { useMoment } from "./moments";
import { ShownOnce } from "./shown_once";

const QUERY = ["connections", "keys"];
const COLORS: Record<string, string> = { active: "green", expired: "yellow", revoked: "gray" };

export function Keys() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({ queryKey: QUERY, queryFn: listKeys });
  const [making, setMaking] = useState(false);
  const [revoking, setRevoking] = useState<ApiKey | null>(null);
  const [token, setToken] = useState<string | null>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={4} />;
  const changed = () => void client.invalidateQueries({ queryKey: QUERY });
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {t("keyring.hint")}
        </Text>
        <Button
          style={{ flex: "none" }}
          leftSection={<IconPlus size={16} />}
          onClick={() => setMaking(true)}
        >
          {t("keyring.new")}
        </Button>
      </Group>
      {query.data.items.length === 0 ? (
        <Empty icon={IconKey} title={t("keyring.none")} hint={t("keyring.noneHint")} />
      ) : (
        <KeyTable keys={query.data.items} onRevoke={setRevoking} />
      )}
      {making && (
        <NewKey
          scopes={query.data.scopes}
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            setToken(made);
            changed();
          }}
        />
      )}
      {revoking !== null && (
        <Revoke
          entry={revoking}
          onClose={() => {
            setRevoking(null);
            changed();
          }}
        />
      )}
      {token !== null && (
        <ShownOnce
          title={t("keyring.made")}
          hint={t("keyring.madeHint")}
          secret={token}
          onClose={() => setToken(null)}
        />
      )}
    </Card>
  );
}

function KeyTable({ keys, onRevoke }: { keys: ApiKey[]; onRevoke(key: ApiKey): void }) {
  const { t } = useTranslation();
  const at = useMoment();
  return (
    <ScrollArea>
      <Table verticalSpacing="sm" miw={760}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("keyring.name")}</Table.Th>
            <Table.Th>{t("keyring.scopes")}</Table.Th>
            <Table.Th>{t("keyring.lastUsed")}</Table.Th>
            <Table.Th>{t("keyring.expires")}</Table.Th>
            <Table.Th>{t("keyring.state")}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id} data-key={key.prefix}>
              <Table.Td maw={240}>
                <Text fw={600} style={{ overflowWrap: "anywhere" }}>
                  {key.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {key.prefix}… · {t("keyring.by", { name: key.created_by, at: at(key.created) })}
                </Text>
              </Table.Td>
              <Table.Td maw={260}>
                <Text size="sm">
                  {key.scopes.map((one) => t(`scope.${one as KeyScope}`)).join(" · ")}
                </Text>
              </Table.Td>
              <Table.Td>
                {at(key.last_used)}
                {key.last_used !== null && (
                  <Text size="xs" c="dimmed">
                    {key.last_address}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{at(key.expires)}</Table.Td>
              <Table.Td>
                <Badge color={COLORS[key.state] ?? "gray"} className="cc-badge">
                  {t(`keyState.${key.state}` as "keyState.active")}
                </Badge>
              </Table.Td>
              <Table.Td ta="end">
                {key.state !== "revoked" && (
                  <Button
                    size="compact-sm"
                    color="red"
                    variant="light"
                    onClick={() => onRevoke(key)}
                  >
                    {t("keyring.revoke")}
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

/** It cannot be taken back, so it is asked for by name. */
function Revoke({ entry, onClose }: { entry: ApiKey; onClose(): void }) {
  const { t } = useTranslation();
  const words = useErrorText();
  const revoke = async () => {
    try {
      await revokeKey(entry.id);
      notify({ color: "green", message: t("keyring.revoked", { name: entry.name }) });
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    }
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={650}>{t("keyring.revokeTitle", { name: entry.name })}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text>{t("keyring.revokeHint")}</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button color="red" onClick={() => void revoke()}>
            {t("keyring.revoke")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
