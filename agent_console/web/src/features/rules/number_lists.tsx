// Lists of callers that routes may name: VIP, blocked, and what else one makes.
import {
  ActionIcon,
  Badge,
  Button,
  Card,
  Group,
  Modal,
  ScrollArea,
  Stack,
  Table,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconListNumbers, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { moment, phone } from "@/state/format";
import {
  addNumbers,
  type CallerList,
  putList,
  readNumbers,
  removeList,
  removeNumber,
} from "@/wire/rules";
import { listsQuery } from "./queries";

export function NumberLists() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const lists = useQuery(listsQuery);
  const [name, setName] = useState("");
  const [error, setError] = useState<unknown>(null);
  const run = async (work: () => Promise<unknown>) => {
    setError(null);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      await client.invalidateQueries({ queryKey: ["rules"] });
    }
  };
  if (lists.isError) return <Failure error={lists.error} retry={() => void lists.refetch()} />;
  if (!lists.data) return <Rows count={3} />;
  const make = () =>
    run(async () => {
      const taken = (lists.data ?? []).map(({ id }) => id);
      await putList(freeId(name, taken), name.trim());
      setName("");
    });
  return (
    <Stack>
      {error !== null && <Failure error={error} />}
      {lists.data.length === 0 && (
        <Empty icon={IconListNumbers} title={t("rules.noLists")} hint={t("rules.noListsHint")} />
      )}
      {lists.data.map((list) => (
        <OneList key={list.id} list={list} run={run} />
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== "") void make();
        }}
      >
        <Group align="flex-end">
          <TextInput
            label={t("rules.newList")}
            value={name}
            maxLength={80}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Button type="submit" disabled={name.trim() === ""} leftSection={<IconPlus size={16} />}>
            {t("rules.makeList")}
          </Button>
        </Group>
      </form>
    </Stack>
  );
}

function freeId(name: string, taken: string[]): string {
  const base =
    name
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 26) || "list";
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`;
}

interface OneProps {
  list: CallerList;
  run: (work: () => Promise<unknown>) => Promise<void>;
}

function OneList({ list, run }: OneProps) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <Card withBorder data-testid={`list-${list.id}`}>
      <Group justify="space-between">
        <Group gap="sm">
          <Text fw={600}>{list.name}</Text>
          <Badge variant="light" className="cc-badge">
            {t("rules.numbers", { count: list.entries })}
          </Badge>
          {list.used_by.length > 0 && (
            <Text size="xs" c="dimmed">
              {t("rules.usedByRoutes", { routes: list.used_by.join(", ") })}
            </Text>
          )}
        </Group>
        <Group gap="xs">
          <Button size="compact-sm" variant="subtle" onClick={() => setOpened(true)}>
            {t("rules.openList", { name: list.name })}
          </Button>
          <ActionIcon
            variant="subtle"
            color="gray"
            disabled={list.used_by.length > 0}
            aria-label={t("rules.remove", { name: list.name })}
            onClick={() => {
              if (window.confirm(t("rules.removeListSure", { name: list.name })))
                void run(() => removeList(list.id));
            }}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      </Group>
      {opened && <Entries list={list} run={run} onClose={() => setOpened(false)} />}
    </Card>
  );
}

function Entries({ list, run, onClose }: OneProps & { onClose: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const numbers = useQuery({
    queryKey: ["rules", "lists", list.id],
    queryFn: () => readNumbers(list.id),
    staleTime: 0,
  });
  const [text, setText] = useState("");
  const [find, setFind] = useState("");
  const [said, setSaid] = useState<string | null>(null);
  const add = () =>
    run(async () => {
      const { added, known, skipped } = await addNumbers(list.id, text);
      setSaid(
        t("rules.added", { added, known }) +
          (skipped.length > 0 ? ` ${t("rules.skipped", { lines: skipped.join(", ") })}` : ""),
      );
      setText(skipped.join("\n"));
    });
  const wanted = find.replace(/[\s().-]/g, "");
  const shown = (numbers.data ?? []).filter(
    (one) => one.number.includes(wanted) || one.note.includes(find.trim()),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>{list.name}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack gap="sm">
        <Textarea
          label={t("rules.addNumbers")}
          description={t("rules.addNumbersHint")}
          autosize
          minRows={2}
          maxRows={8}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <Group justify="space-between">
          <Text size="sm" role="status">
            {said}
          </Text>
          <Button disabled={text.trim() === ""} onClick={() => void add()}>
            {t("rules.add")}
          </Button>
        </Group>
        <TextInput
          label={t("rules.find")}
          value={find}
          onChange={({ currentTarget }) => setFind(currentTarget.value)}
        />
        {numbers.isError && <Failure error={numbers.error} retry={() => void numbers.refetch()} />}
        {numbers.isPending && <Rows count={3} />}
        {numbers.data && shown.length === 0 && (
          <Text c="dimmed" size="sm">
            {t("rules.noNumbers")}
          </Text>
        )}
        <ScrollArea.Autosize mah={360}>
          <Table>
            <Table.Tbody>
              {shown.slice(0, 500).map((one) => (
                <Table.Tr key={one.number}>
                  <Table.Td className="cc-figures">{phone(one.number)}</Table.Td>
                  <Table.Td>{one.note}</Table.Td>
                  <Table.Td c="dimmed">
                    {moment(Date.parse(one.at) / 1000, Date.now() / 1000, language)} · {one.by}
                  </Table.Td>
                  <Table.Td ta="end">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t("rules.remove", { name: one.number })}
                      onClick={() => void run(() => removeNumber(list.id, one.number))}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ScrollArea.Autosize>
      </Stack>
    </Modal>
  );
}
