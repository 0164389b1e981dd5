// Taking in a file of customers: choose it, say where its columns go, try it, take it in; and what was taken
// in before.
import {
  Badge,
  Button,
  Card,
  FileButton,
  Group,
  Progress,
  Stack,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { cancelImport, type ImportRead, listImports, readImport, sendImport } from "@/wire/crm";
import { moment as seconds } from "@/wire/record";
import { Mapping } from "./mapping";

const POLL_MS = 700;
export const atWork = (one: ImportRead) => one.state === "waiting" || one.state === "running";

export function Files() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const list = useQuery({ queryKey: ["imports"], queryFn: listImports });
  const send = useMutation({
    mutationFn: sendImport,
    onSuccess: (taken) => {
      queries.setQueryData(["import", taken.id], taken);
      setOpen(taken.id);
      void queries.invalidateQueries({ queryKey: ["imports"] });
    },
  });
  return (
    <Stack>
      <Card withBorder>
        <Title order={2} size="h4" mb="xs">
          {t("files.import")}
        </Title>
        <Text size="sm" c="dimmed" mb="sm">
          {t("files.importHint")}
        </Text>
        <FileButton
          accept=".csv,.xlsx,.txt"
          onChange={(file) => file !== null && send.mutate(file)}
          inputProps={{ "aria-label": t("files.choose") }}
        >
          {(props) => (
            <Button {...props} leftSection={<IconFileUpload size={16} />} loading={send.isPending}>
              {t("files.choose")}
            </Button>
          )}
        </FileButton>
        {send.isError && <Failure error={send.error} />}
      </Card>
      {open !== null && <OpenImport key={open} id={open} onClose={() => setOpen(null)} />}
      <Card withBorder>
        <Title order={3} size="h5" mb="sm">
          {t("files.before")}
        </Title>
        {list.isError && <Failure error={list.error} retry={() => void list.refetch()} />}
        {list.isLoading && <Rows count={3} />}
        {list.data?.length === 0 && <Empty icon={IconFileUpload} title={t("files.none")} />}
        {list.data !== undefined && list.data.length > 0 && (
          <Past imports={list.data} onOpen={setOpen} />
        )}
      </Card>
    </Stack>
  );
}

function Past({ imports, onOpen }: { imports: ImportRead[]; onOpen: (id: string) => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Table.ScrollContainer minWidth={560}>
      <Table>
        <Table.Tbody>
          {imports.map((one) => (
            <Table.Tr key={one.id}>
              <Table.Td className="cc-figures">
                {moment(seconds(one.created), serverNow(), language)}
              </Table.Td>
              <Table.Td>{one.file_name}</Table.Td>
              <Table.Td>{one.by}</Table.Td>
              <Table.Td>
                <Badge className="cc-badge" variant="light">
                  {t(`importState.${one.state}`)}
                </Badge>
              </Table.Td>
              <Table.Td ta="end">
                <Button size="compact-sm" variant="subtle" onClick={() => onOpen(one.id)}>
                  {t("action.open")}
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function OpenImport({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["import", id],
    queryFn: () => readImport(id),
    refetchInterval: ({ state }) => (state.data && atWork(state.data) ? POLL_MS : false),
  });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={4} />;
  const one = query.data;
  const changed = (after: ImportRead) => {
    queries.setQueryData(["import", id], after);
    void queries.invalidateQueries({ queryKey: ["imports"] });
    void queries.invalidateQueries({ queryKey: ["customers"] });
  };
  const reusable = one.state !== "finished" || one.dry_run;
  return (
    <Card withBorder data-testid="import" data-state={one.state}>
      <Group justify="space-between" mb="sm">
        <Title order={3} size="h5">
          {one.file_name}
        </Title>
        <Button size="compact-sm" variant="subtle" onClick={onClose}>
          {t("action.close")}
        </Button>
      </Group>
      {one.message !== "" && <Text c="red">{one.message}</Text>}
      {one.state !== "mapping" && <Result one={one} />}
      {atWork(one) ? (
        <Button
          size="xs"
          variant="default"
          onClick={() => void cancelImport(id).then(changed, () => query.refetch())}
        >
          {t("action.cancel")}
        </Button>
      ) : (
        reusable && <Mapping one={one} onStarted={changed} />
      )}
    </Card>
  );
}

function Result({ one }: { one: ImportRead }) {
  const { t } = useTranslation();
  const percent = one.total === 0 ? 0 : (100 * one.done) / one.total;
  return (
    <Stack gap="xs" mb="md">
      <Progress value={percent} aria-label={t("files.progress")} animated={atWork(one)} />
      <Group gap="xs">
        <Badge variant="light" className="cc-badge">
          {t(`importState.${one.state}`)}
        </Badge>
        {one.dry_run && <Badge color="grape">{t("files.dryRun")}</Badge>}
        <Text size="sm" className="cc-figures" aria-live="polite">
          {t("files.counts", {
            done: one.done,
            total: one.total,
            made: one.made,
            changed: one.changed,
            skipped: one.skipped,
            failed: one.failed,
          })}
        </Text>
      </Group>
      {one.flaws.length > 0 && (
        <>
          <Table.ScrollContainer minWidth={400} mah={260}>
            <Table striped>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t("files.row")}</Table.Th>
                  <Table.Th>{t("files.where")}</Table.Th>
                  <Table.Th>{t("files.wrong")}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {one.flaws.map((flaw) => (
                  <Table.Tr key={`${flaw.row} ${flaw.where} ${flaw.message}`}>
                    <Table.Td>{flaw.row}</Table.Td>
                    <Table.Td>{flaw.where}</Table.Td>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{flaw.message}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Button
            component="a"
            href={`/api/imports/${one.id}/flaws`}
            download
            size="compact-sm"
            variant="default"
            style={{ alignSelf: "flex-start" }}
          >
            {t("files.flawsFile")}
          </Button>
        </>
      )}
    </Stack>
  );
}
