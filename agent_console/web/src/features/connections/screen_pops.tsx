// Pages of an own CRM that open with a call: a list, and a form that says at once whether the address will do.
import {
  Alert,
  Badge,
  Button,
  Card,
  Code,
  Group,
  Modal,
  MultiSelect,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconWindow } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows, useErrorText } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useChoices, useQueueName } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { addressOf } from "@/state/screen_pops";
import { ApiError } from "@/wire/rest";
import { listScreenPops, putScreenPop, removeScreenPop, type ScreenPop } from "@/wire/screen_pops";

const QUERY = ["screen-pops"];
const EXAMPLE: Record<string, string> = {
  number: "+8613800138000",
  name: "Li Hua",
  call: "1764403990.12",
  queue: "support",
  did: "4000",
  customer: "5f0c",
  agent: "ada",
  language: "zh",
};
const codeFor = () => `pop-${crypto.randomUUID().slice(0, 8)}`;

export function PopsTab() {
  const { t } = useTranslation();
  const words = useErrorText();
  const client = useQueryClient();
  const queueName = useQueueName();
  const query = useQuery({ queryKey: QUERY, queryFn: listScreenPops });
  const [editing, setEditing] = useState<ScreenPop | "new" | null>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={3} />;
  const { items, hosts, values } = query.data;
  const changed = () => void client.invalidateQueries({ queryKey: QUERY });
  const remove = async (pop: ScreenPop) => {
    try {
      await removeScreenPop(pop.code);
      const { code, version: _, ...body } = pop;
      notify({
        color: "green",
        message: (
          <Group justify="space-between">
            <Text size="sm">{t("pops.removed", { name: pop.name })}</Text>
            <Button
              size="compact-xs"
              variant="default"
              onClick={() => void putScreenPop(code, { ...body, version: 0 }).then(changed)}
            >
              {t("pops.undo")}
            </Button>
          </Group>
        ),
      });
    } catch (problem) {
      notify({ color: "red", message: words(problem) });
    }
    changed();
  };
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {t("pops.hint")}
        </Text>
        <Button
          style={{ flex: "none" }}
          leftSection={<IconPlus size={16} />}
          disabled={hosts.length === 0}
          onClick={() => setEditing("new")}
        >
          {t("pops.new")}
        </Button>
      </Group>
      {hosts.length === 0 && <Alert color="yellow">{t("pops.noHosts")}</Alert>}
      {items.length === 0 && (
        <Card withBorder>
          <Empty icon={IconWindow} title={t("pops.none")} hint={t("pops.noneHint")} />
        </Card>
      )}
      {items.map((pop) => (
        <Card withBorder key={pop.code}>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <div style={{ minWidth: 0 }}>
              <Text fw={600}>{pop.name}</Text>
              <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
                {pop.url}
              </Text>
              <Text size="sm">
                {pop.queues.length === 0
                  ? t("pops.allQueues")
                  : pop.queues.map(queueName).join(" · ")}
                {" · "}
                {t(`pops.${pop.when ?? "talking"}`)} · {t(`pops.${pop.where ?? "tab"}`)}
              </Text>
            </div>
            <Badge
              className="cc-badge"
              color={pop.active ? "green" : "gray"}
              style={{ flex: "none" }}
            >
              {t(pop.active ? "pops.on" : "pops.off")}
            </Badge>
          </Group>
          <Group gap="xs" mt="xs">
            <Button size="compact-sm" variant="default" onClick={() => setEditing(pop)}>
              {t("action.edit")}
            </Button>
            <Button size="compact-sm" color="red" variant="light" onClick={() => void remove(pop)}>
              {t("pops.remove")}
            </Button>
          </Group>
        </Card>
      ))}
      {editing !== null && (
        <PopForm
          pop={editing === "new" ? null : editing}
          hosts={hosts}
          values={values}
          onClose={() => setEditing(null)}
          onDone={() => {
            setEditing(null);
            changed();
          }}
        />
      )}
    </Stack>
  );
}

interface FormProps {
  pop: ScreenPop | null;
  hosts: string[];
  values: string[];
  onClose(): void;
  onDone(): void;
}

function PopForm({ pop, hosts, values, onClose, onDone }: FormProps) {
  const { t } = useTranslation();
  const { queue_names } = useChoices();
  const kept = useKeptForm(`screen-pop-${pop?.code ?? "new"}`, {
    name: pop?.name ?? "",
    url: pop?.url ?? `https://${(hosts[0] ?? "").replace(/^\*\./, "crm.")}/?number={number}`,
    queues: pop?.queues ?? [],
    when: pop?.when ?? ("talking" as const),
    where: pop?.where ?? ("tab" as const),
    active: pop?.active ?? true,
  });
  const [draft, setDraft] = useState(kept.first);
  const [error, setError] = useState<unknown>(null);
  const put = (part: Partial<typeof draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    kept.keep(next);
  };
  const save = async () => {
    setError(null);
    try {
      await putScreenPop(pop?.code ?? codeFor(), { ...draft, version: pop?.version ?? 0 });
      kept.forget();
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  const wrong = error instanceof ApiError ? error.fields.url : undefined;
  const shown = addressOf(draft.url, EXAMPLE);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={<Text fw={650}>{t(pop === null ? "pops.new" : "pops.change")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <Stack>
          {error !== null && wrong === undefined && <Failure error={error} />}
          <TextInput
            label={t("pops.name")}
            required
            maxLength={80}
            data-autofocus
            value={draft.name}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
          <TextInput
            label={t("pops.url")}
            description={t("pops.urlHint", {
              hosts: hosts.join(", "),
              values: values.map((value) => `{${value}}`).join(" "),
            })}
            required
            maxLength={1000}
            error={wrong}
            value={draft.url}
            onChange={(event) => put({ url: event.currentTarget.value })}
          />
          <div>
            <Text size="sm">{t("pops.example")}</Text>
            <Code block style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>
              {shown ?? "–"}
            </Code>
          </div>
          <MultiSelect
            label={t("pops.queues")}
            placeholder={draft.queues.length === 0 ? t("pops.allQueues") : ""}
            data={Object.entries(queue_names).map(([value, label]) => ({ value, label }))}
            value={draft.queues}
            onChange={(queues) => put({ queues })}
          />
          <Group>
            <SegmentedControl
              aria-label={t("pops.when")}
              value={draft.when}
              onChange={(value) => put({ when: value as "offered" | "talking" })}
              data={(["offered", "talking"] as const).map((value) => ({
                value,
                label: t(`pops.${value}`),
              }))}
            />
            <SegmentedControl
              aria-label={t("pops.where")}
              value={draft.where}
              onChange={(value) => put({ where: value as "tab" | "panel" })}
              data={(["tab", "panel"] as const).map((value) => ({
                value,
                label: t(`pops.${value}`),
              }))}
            />
          </Group>
          <Switch
            label={t("pops.active")}
            checked={draft.active}
            onChange={(event) => put({ active: event.currentTarget.checked })}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("action.cancel")}
            </Button>
            <Button type="submit" disabled={draft.name.trim() === ""}>
              {t("action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
