// What the plans drew and nobody has evaluated yet; one may be left out for a reason, and taken in again.
import {
  Button,
  Card,
  Group,
  Modal,
  ScrollArea,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconChecklist } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Empty, Failure, Rows } from "@/components/feedback";
import { nameIn, useForms } from "@/components/quality/words";
import { useSaving } from "@/components/saving";
import { useAgentName, useLanguage, useQueueName } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { duration, moment } from "@/state/format";
import { beginEvaluation, listSamples, type Sample, skipSample } from "@/wire/quality";

export function Todo() {
  const { t } = useTranslation();
  const [skipped, setSkipped] = useState(false);
  const [skipping, setSkipping] = useState<Sample | null>(null);
  const query = useQuery({
    queryKey: ["quality", "samples", skipped],
    queryFn: () => listSamples(skipped),
  });
  return (
    <Stack>
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {t("quality.todoHint")}
        </Text>
        <Switch
          label={t("quality.showSkipped")}
          checked={skipped}
          onChange={(event) => setSkipped(event.currentTarget.checked)}
        />
      </Group>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isLoading && <Rows count={4} />}
      {query.data?.length === 0 && (
        <Card withBorder>
          <Empty
            icon={IconChecklist}
            color="green"
            title={t("quality.nothingTodo")}
            hint={t("quality.nothingTodoHint")}
          />
        </Card>
      )}
      {query.data !== undefined && query.data.length > 0 && (
        <Card withBorder padding={0}>
          <ScrollArea>
            <Lines items={query.data} onSkip={setSkipping} />
          </ScrollArea>
        </Card>
      )}
      {skipping !== null && <Skip sample={skipping} onDone={() => setSkipping(null)} />}
    </Stack>
  );
}

function Lines({ items, onSkip }: { items: Sample[]; onSkip: (one: Sample) => void }) {
  const { t } = useTranslation();
  return (
    <Table verticalSpacing="sm" horizontalSpacing="md" miw={760}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("quality.week")}</Table.Th>
          <Table.Th>{t("calls.agent")}</Table.Th>
          <Table.Th>{t("calls.when")}</Table.Th>
          <Table.Th>{t("calls.queue")}</Table.Th>
          <Table.Th>{t("quality.form")}</Table.Th>
          <Table.Th />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((one) => (
          <Line key={one.id} sample={one} onSkip={() => onSkip(one)} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Line({ sample, onSkip }: { sample: Sample; onSkip: () => void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const agentName = useAgentName();
  const queueName = useQueueName();
  const forms = useForms();
  const navigate = useNavigate();
  const { save, saving } = useSaving(["quality", "samples"]);
  const form = forms.data?.in_use.find(({ code }) => code === sample.form);
  const evaluate = () =>
    save(async () => {
      const open = await beginEvaluation(sample.recording, sample.agent, sample.form);
      await navigate({ to: "/quality", search: { open } });
    });
  return (
    <Table.Tr data-sample={sample.id}>
      <Table.Td className="cc-figures">{sample.week}</Table.Td>
      <Table.Td>{agentName(sample.agent)}</Table.Td>
      <Table.Td className="cc-figures">
        {moment(Date.parse(sample.began_at) / 1000, serverNow(), language)} ·{" "}
        {duration(sample.seconds ?? 0)}
      </Table.Td>
      <Table.Td>{sample.queue === null ? "" : queueName(sample.queue)}</Table.Td>
      <Table.Td>
        {form === undefined ? sample.form : nameIn(form, language)}
        <Text size="xs" c="dimmed">
          {sample.plan_name}
          {sample.why !== "" && ` · ${sample.why}`}
        </Text>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="flex-end" wrap="nowrap">
          {sample.state === "todo" ? (
            <>
              <Button
                size="compact-sm"
                loading={saving}
                disabled={!sample.has_sound}
                onClick={() => void evaluate()}
              >
                {t("quality.evaluate")}
              </Button>
              <Button size="compact-sm" variant="default" onClick={onSkip}>
                {t("quality.skip")}
              </Button>
            </>
          ) : (
            <Button
              size="compact-sm"
              variant="default"
              loading={saving}
              onClick={() => void save(() => skipSample(sample.id, false, ""))}
            >
              {t("quality.takeIn")}
            </Button>
          )}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Skip({ sample, onDone }: { sample: Sample; onDone: () => void }) {
  const { t } = useTranslation();
  const { save, saving } = useSaving(["quality", "samples"]);
  const [why, setWhy] = useState("");
  return (
    <Modal
      opened
      onClose={onDone}
      title={<Text fw={650}>{t("quality.skip")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <form
        onSubmit={async (event) => {
          event.preventDefault();
          if (await save(() => skipSample(sample.id, true, why))) onDone();
        }}
      >
        <Stack>
          <TextInput
            label={t("quality.why")}
            required
            maxLength={300}
            data-autofocus
            value={why}
            onChange={(event) => setWhy(event.currentTarget.value)}
          />
          <Button type="submit" loading={saving} disabled={why.trim() === ""}>
            {t("quality.skip")}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
