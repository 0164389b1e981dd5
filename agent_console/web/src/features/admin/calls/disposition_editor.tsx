// How calls can end: a tree of codes, for all queues or some. What was used is retired, not removed, so
// that past calls keep their meaning.
import { ActionIcon, Badge, Button, Card, Group, Modal, Table, Text, Title } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { choicesQuery, nameOf, useLanguage, useQueueName } from "@/state/choices";
import { putDispositions } from "@/wire/knowledge";
import type { DispositionChoice } from "@/wire/rest";
import { DispositionForm } from "./disposition_form";
import { branches, moved } from "./tree";

const NEW: DispositionChoice = {
  code: "",
  name: "",
  name_zh: "",
  queues: [],
  default: false,
  parent: "",
  active: true,
  keywords: "",
};

export function DispositionEditor() {
  const { t } = useTranslation();
  const query = useQuery(choicesQuery);
  const queries = useQueryClient();
  const [editing, setEditing] = useState<DispositionChoice | null>(null);
  const [error, setError] = useState<unknown>(null);
  const items = query.data?.dispositions ?? [];
  const put = async (next: DispositionChoice[]) => {
    await putDispositions(next);
    await queries.invalidateQueries({ queryKey: choicesQuery.queryKey });
  };
  const move = async (code: string, by: -1 | 1) => {
    setError(null);
    await put(moved(items, code, by)).catch(setError);
  };
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Title order={3} size="h5">
          {t("dispositions.title")}
        </Title>
        <Button size="xs" leftSection={<IconPlus size={16} />} onClick={() => setEditing(NEW)}>
          {t("dispositions.new")}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb="sm">
        {t("dispositions.hint")}
      </Text>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {error !== null && <Failure error={error} />}
      {query.isLoading && <Rows count={4} />}
      <Table.ScrollContainer minWidth={640}>
        <Table>
          <Table.Tbody>
            {branches(items).map(({ item, depth }) => (
              <Row
                key={item.code}
                item={item}
                depth={depth}
                onEdit={() => setEditing(item)}
                onBelow={() => setEditing({ ...NEW, parent: item.code })}
                onMove={(by) => void move(item.code, by)}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Modal
        opened={editing !== null}
        onClose={() => setEditing(null)}
        size="lg"
        title={<Text fw={650}>{t("dispositions.one")}</Text>}
        closeButtonProps={{ "aria-label": t("action.close") }}
      >
        {editing !== null && (
          <DispositionForm
            first={editing}
            items={items}
            put={put}
            onDone={() => setEditing(null)}
          />
        )}
      </Modal>
    </Card>
  );
}

function Row({
  item,
  depth,
  onEdit,
  onBelow,
  onMove,
}: {
  item: DispositionChoice;
  depth: number;
  onEdit: () => void;
  onBelow: () => void;
  onMove: (by: -1 | 1) => void;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const queueName = useQueueName();
  const name = nameOf(item, language);
  return (
    <Table.Tr>
      <Table.Td pl={12 + depth * 24}>
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" fw={600} td={item.active ? undefined : "line-through"}>
            {name}
          </Text>
          {item.default && <Badge size="sm">{t("dispositions.default")}</Badge>}
          {!item.active && (
            <Badge size="sm" color="gray">
              {t("dispositions.retired")}
            </Badge>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        <Text size="sm" c="dimmed">
          {item.code}
        </Text>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{item.queues.map(queueName).join(", ")}</Text>
      </Table.Td>
      <Table.Td ta="end">
        <Group gap={4} justify="flex-end" wrap="nowrap">
          <ActionIcon
            variant="subtle"
            aria-label={t("dispositions.up", { name })}
            onClick={() => onMove(-1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            aria-label={t("dispositions.down", { name })}
            onClick={() => onMove(1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
          <Button size="compact-sm" variant="subtle" onClick={onBelow}>
            {t("dispositions.below")}
          </Button>
          <Button size="compact-sm" variant="subtle" onClick={onEdit}>
            {t("action.edit")}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
