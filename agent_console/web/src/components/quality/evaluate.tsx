// From a recording to its evaluation: whose, by which form; or a calibration of several judges. What was
// evaluated already is listed.
import {
  Anchor,
  Button,
  Group,
  Modal,
  MultiSelect,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconChecklist, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCommand } from "@/components/use_command";
import { useAgentName, useLanguage } from "@/state/choices";
import {
  beginCalibration,
  beginEvaluation,
  listCalibrations,
  listEvaluations,
} from "@/wire/quality";
import { readRecording } from "@/wire/recordings";
import { fitting, nameIn, scoreText, useForms } from "./words";

export function Evaluate({ recording }: { recording: string }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const agentName = useAgentName();
  const navigate = useNavigate();
  const { run, pending } = useCommand();
  const forms = useForms();
  const talk = useQuery({
    queryKey: ["recording", recording],
    queryFn: () => readRecording(recording),
  });
  const made = useQuery({
    queryKey: ["quality", "evaluations", "of", recording],
    queryFn: () => listEvaluations({ recording }, null),
  });
  const [agent, setAgent] = useState<string | null>(null);
  const [form, setForm] = useState<string | null>(null);
  const [calibrating, setCalibrating] = useState(false);
  if (talk.data === undefined || forms.data === undefined) return null;
  const { agents, queue } = talk.data;
  const usable = fitting(forms.data.in_use, queue);
  const who = agent ?? agents[0] ?? null;
  const by = form ?? usable[0]?.code ?? null;
  const begin = () =>
    who !== null &&
    by !== null &&
    run(async () => {
      const open = await beginEvaluation(recording, who, by);
      await navigate({ to: "/quality", search: { open } });
    });
  return (
    <Stack gap="xs" data-testid="evaluate">
      {usable.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("quality.noForm")}
        </Text>
      ) : (
        <Group align="flex-end" gap="xs">
          {agents.length > 1 && (
            <Select
              size="xs"
              label={t("calls.agent")}
              allowDeselect={false}
              data={agents.map((value) => ({ value, label: agentName(value) }))}
              value={who}
              onChange={setAgent}
            />
          )}
          <Select
            size="xs"
            label={t("quality.form")}
            allowDeselect={false}
            data={usable.map((one) => ({ value: one.code, label: nameIn(one, language) }))}
            value={by}
            onChange={setForm}
          />
          <Button
            size="xs"
            loading={pending}
            leftSection={<IconChecklist size={14} />}
            onClick={() => void begin()}
          >
            {t("quality.evaluate")}
          </Button>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconUsersGroup size={14} />}
            onClick={() => setCalibrating(true)}
          >
            {t("quality.calibrate")}
          </Button>
        </Group>
      )}
      {made.data?.items.map((one) => (
        <Text size="sm" key={one.id}>
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to="/quality" search={{ open: one.id }} {...props} />}
          >
            {agentName(one.agent)} · {one.evaluator_name}
          </Anchor>{" "}
          {t(`evaluationState.${one.state}`)} · {scoreText(one.score)}
        </Text>
      ))}
      {who !== null && by !== null && (
        <NewCalibration
          opened={calibrating}
          onClose={() => setCalibrating(false)}
          recording={recording}
          agent={who}
          form={by}
        />
      )}
    </Stack>
  );
}

function NewCalibration({
  opened,
  onClose,
  recording,
  agent,
  form,
}: {
  opened: boolean;
  onClose: () => void;
  recording: string;
  agent: string;
  form: string;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { run, pending } = useCommand();
  const [title, setTitle] = useState("");
  const [judges, setJudges] = useState<string[]>([]);
  const query = useQuery({
    queryKey: ["quality", "calibrations"],
    queryFn: listCalibrations,
    enabled: opened,
  });
  const begin = () =>
    run(async () => {
      const calibration = await beginCalibration({ title, recording, agent, form, judges });
      await navigate({ to: "/quality", search: { tab: "calibrations", calibration } });
    });
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={<Text fw={650}>{t("quality.calibrate")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {t("quality.calibrateHint")}
        </Text>
        <TextInput
          label={t("quality.title")}
          required
          maxLength={120}
          data-autofocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <MultiSelect
          label={t("quality.judges")}
          searchable
          maxValues={20}
          data={(query.data?.possible_judges ?? []).map(({ id, name }) => ({
            value: id,
            label: name,
          }))}
          value={judges}
          onChange={setJudges}
        />
        <Button
          loading={pending}
          disabled={title.trim() === "" || judges.length < 2}
          onClick={() => void begin()}
        >
          {t("quality.begin")}
        </Button>
      </Stack>
    </Modal>
  );
}
