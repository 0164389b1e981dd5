// How each queue's talks are recorded, and how long what was recorded is kept. Administrators change it,
// supervisors read it.
import {
  ActionIcon,
  Button,
  Card,
  Group,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Table,
  Text,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useCommand } from "@/components/use_command";
import { useChoices, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { count, moment } from "@/state/format";
import { useSession } from "@/state/session";
import {
  listPolicies,
  listRetentionRuns,
  putPolicy,
  putRetention,
  type RecordingPolicy,
  type RetentionRule,
  readRetention,
} from "@/wire/recordings";

const MODES = ["never", "always", "percent", "on-demand"] as const;
const SWITCHES = [
  "by_hand",
  "notice",
  "refusable",
  "agent_may_pause",
  "agent_may_stop",
  "listeners_shown",
] as const;

export function RecordingRules() {
  const { t } = useTranslation();
  const queueName = useQueueName();
  const query = useQuery({ queryKey: ["recording-policies"], queryFn: listPolicies });
  const [chosen, setChosen] = useState<string | null>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={4} />;
  const policy = query.data.find(({ queue }) => queue === chosen) ?? query.data[0];
  return (
    <Stack>
      <Card withBorder>
        <Stack>
          <Title order={3} size="h5">
            {t("recordings.queueRules")}
          </Title>
          <Select
            label={t("calls.queue")}
            allowDeselect={false}
            maw={320}
            data={query.data.map(({ queue }) => ({ value: queue, label: queueName(queue) }))}
            value={policy?.queue ?? null}
            onChange={setChosen}
          />
          {policy !== undefined && (
            <PolicyForm key={`${policy.queue} ${policy.version}`} policy={policy} />
          )}
        </Stack>
      </Card>
      <Retention />
    </Stack>
  );
}

function PolicyForm({ policy }: { policy: RecordingPolicy }) {
  const { t } = useTranslation();
  const { role } = useSession();
  const queries = useQueryClient();
  const { run, pending } = useCommand();
  const form = useForm<RecordingPolicy>({ initialValues: policy });
  const off = role !== "administrator";
  const save = form.onSubmit(
    (values) =>
      void run(async () => {
        await putPolicy(values);
        notify({ color: "green", message: t("recordings.saved") });
        await queries.invalidateQueries({ queryKey: ["recording-policies"] });
      }),
  );
  return (
    <form onSubmit={save} data-testid="policy">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 3 }}>
          <Select
            label={t("recordings.mode")}
            allowDeselect={false}
            disabled={off}
            data={MODES.map((value) => ({ value, label: t(`recordingMode.${value}`) }))}
            {...form.getInputProps("mode")}
          />
          <NumberInput
            label={t("recordings.percent")}
            min={0}
            max={100}
            suffix=" %"
            disabled={off || form.values.mode !== "percent"}
            {...form.getInputProps("percent")}
          />
          <NumberInput
            label={t("recordings.pauseMax")}
            description={t("recordings.pauseMaxHint")}
            min={0}
            max={3600}
            disabled={off}
            {...form.getInputProps("pause_seconds_max")}
          />
        </SimpleGrid>
        {SWITCHES.map((name) => (
          <Switch
            key={name}
            label={t(`recordingRule.${name}`)}
            disabled={off}
            {...form.getInputProps(name, { type: "checkbox" })}
          />
        ))}
        {!off && (
          <Group>
            <Button type="submit" loading={pending} disabled={!form.isDirty()}>
              {t("action.save")}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

function Retention() {
  const query = useQuery({ queryKey: ["retention-rules"], queryFn: readRetention });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={3} />;
  return <RetentionForm key={JSON.stringify(query.data)} rules={query.data} />;
}

function RetentionForm({ rules }: { rules: RetentionRule[] }) {
  const { t } = useTranslation();
  const { role } = useSession();
  const { queue_names, dispositions } = useChoices();
  const queries = useQueryClient();
  const { run, pending } = useCommand();
  const [lines, setLines] = useState(rules.map((rule, key) => ({ key, ...rule })));
  const off = role !== "administrator";
  const change = (key: number, part: Partial<RetentionRule>) =>
    setLines(lines.map((line) => (line.key === key ? { ...line, ...part } : line)));
  const save = () =>
    void run(async () => {
      await putRetention(lines.map(({ key: _key, ...rule }) => rule));
      notify({ color: "green", message: t("recordings.saved") });
      await queries.invalidateQueries({ queryKey: ["retention-rules"] });
    });
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={3} size="h5">
          {t("recordings.retention")}
        </Title>
        <Text size="sm" c="dimmed">
          {t("recordings.retentionHint")}
        </Text>
        {lines.map((line) => (
          <Group key={line.key} align="flex-end" data-testid="retention-rule">
            <NumberInput
              label={t("recordings.days")}
              w={120}
              min={0}
              max={36_500}
              disabled={off}
              value={line.days}
              onChange={(days) => change(line.key, { days: Number(days) || 0 })}
            />
            <Select
              label={t("calls.queue")}
              clearable
              disabled={off}
              data={Object.entries(queue_names).map(([value, label]) => ({ value, label }))}
              value={line.queue || null}
              onChange={(queue) => change(line.key, { queue: queue ?? "" })}
            />
            <Select
              label={t("recordings.recordedBecause")}
              clearable
              disabled={off}
              data={MODES.slice(1).map((value) => ({
                value,
                label: t(`recordingMode.${value}`),
              }))}
              value={line.reason || null}
              onChange={(reason) =>
                change(line.key, { reason: (reason ?? "") as RetentionRule["reason"] })
              }
            />
            <Select
              label={t("wrapUp.disposition")}
              clearable
              disabled={off}
              data={dispositions.map(({ code, name }) => ({ value: code, label: name }))}
              value={line.disposition || null}
              onChange={(disposition) => change(line.key, { disposition: disposition ?? "" })}
            />
            {!off && (
              <ActionIcon
                variant="subtle"
                color="gray"
                mb={4}
                aria-label={t("recordings.ruleRemove")}
                onClick={() => setLines(lines.filter(({ key }) => key !== line.key))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {lines.length === 0 && <Text size="sm">{t("recordings.keptForEver")}</Text>}
        {!off && (
          <Group>
            <Button
              variant="default"
              leftSection={<IconPlus size={16} />}
              onClick={() =>
                setLines([
                  ...lines,
                  {
                    key: Math.max(0, ...lines.map(({ key }) => key)) + 1,
                    days: 90,
                    queue: "",
                    reason: "",
                    disposition: "",
                  },
                ])
              }
            >
              {t("recordings.ruleAdd")}
            </Button>
            <Button loading={pending} onClick={save}>
              {t("action.save")}
            </Button>
          </Group>
        )}
        <Runs />
      </Stack>
    </Card>
  );
}

function Runs() {
  const { t } = useTranslation();
  const language = useLanguage();
  const query = useQuery({ queryKey: ["retention-runs"], queryFn: listRetentionRuns });
  const runs = query.data ?? [];
  if (runs.length === 0) return null;
  return (
    <Table verticalSpacing={4} maw={560}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("recordings.run")}</Table.Th>
          <Table.Th>{t("recordings.removed")}</Table.Th>
          <Table.Th>{t("recordings.held")}</Table.Th>
          <Table.Th>{t("recordings.failed")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {runs.slice(0, 10).map((run) => (
          <Table.Tr key={run.at}>
            <Table.Td>{moment(Date.parse(run.at) / 1000, serverNow(), language)}</Table.Td>
            <Table.Td className="cc-figures">{count(run.removed, language)}</Table.Td>
            <Table.Td className="cc-figures">{count(run.held, language)}</Table.Td>
            <Table.Td className="cc-figures">{count(run.failed, language)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
