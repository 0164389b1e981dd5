// Break glass: what Asterisk, the centre and the books do not agree about. Nothing is cleared without a
// reason, which stands in the audit.
import {
  Alert,
  Button,
  Card,
  Group,
  Modal,
  ScrollArea,
  Stack,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconAlertTriangle, IconMoodSmile, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useSaving } from "@/components/saving";
import { clearGhost, type Ghost, listGhosts } from "@/wire/floor";

export function Ghosts() {
  const { t } = useTranslation();
  const query = useQuery({
    queryKey: ["news", "ghosts"],
    queryFn: listGhosts,
    refetchInterval: 10_000,
  });
  const [clearing, setClearing] = useState<Ghost | null>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (!query.data) return <Rows count={4} />;
  return (
    <Stack>
      <Alert color="orange" variant="light" icon={<IconAlertTriangle />}>
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm">{t("ghost.hint")}</Text>
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} />}
            flex="none"
            loading={query.isFetching}
            onClick={() => void query.refetch()}
          >
            {t("ghost.look")}
          </Button>
        </Group>
      </Alert>
      <Card withBorder>
        {query.data.length === 0 ? (
          <Empty
            icon={IconMoodSmile}
            color="green"
            title={t("ghost.none")}
            hint={t("ghost.noneHint")}
          />
        ) : (
          <ScrollArea>
            <Table verticalSpacing="sm" miw={720}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("ghost.what")}</Table.Th>
                  <Table.Th>{t("ghost.asterisk")}</Table.Th>
                  <Table.Th>{t("ghost.centre")}</Table.Th>
                  <Table.Th>{t("ghost.books")}</Table.Th>
                  <Table.Th>{t("ghost.since")}</Table.Th>
                  <Table.Th />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {query.data.map((ghost) => (
                  <Table.Tr key={ghost.id}>
                    <Table.Td>
                      <Text fw={600}>{t(`ghostKind.${ghost.kind}`)}</Text>
                      <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                        {ghost.subject}
                      </Text>
                    </Table.Td>
                    <Table.Td>{ghost.detail.asterisk || "–"}</Table.Td>
                    <Table.Td>{ghost.detail.centre || "–"}</Table.Td>
                    <Table.Td>{ghost.detail.books || "–"}</Table.Td>
                    <Table.Td>
                      <Elapsed since={ghost.since} />
                    </Table.Td>
                    <Table.Td>
                      <Button
                        size="compact-sm"
                        color="red"
                        variant="light"
                        onClick={() => setClearing(ghost)}
                      >
                        {t("ghost.clear")}
                      </Button>
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </ScrollArea>
        )}
      </Card>
      <Modal
        opened={clearing !== null}
        onClose={() => setClearing(null)}
        title={<Text fw={650}>{t("ghost.clear")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {clearing !== null && <Clearing ghost={clearing} onDone={() => setClearing(null)} />}
      </Modal>
    </Stack>
  );
}

function Clearing({ ghost, onDone }: { ghost: Ghost; onDone: () => void }) {
  const { t } = useTranslation();
  const [why, setWhy] = useState("");
  const { save, saving } = useSaving(["news", "ghosts"]);
  return (
    <form
      onSubmit={async (event) => {
        event.preventDefault();
        if (await save(() => clearGhost(ghost.id, why))) onDone();
      }}
    >
      <Stack>
        <Text size="sm">{t(`ghostDeed.${ghost.kind}`)}</Text>
        <TextInput
          label={t("floor.why")}
          minLength={3}
          maxLength={300}
          required
          data-autofocus
          value={why}
          onChange={(event) => setWhy(event.currentTarget.value)}
        />
        <Button type="submit" color="red" loading={saving} disabled={why.trim().length < 3}>
          {t("ghost.clear")}
        </Button>
      </Stack>
    </form>
  );
}
