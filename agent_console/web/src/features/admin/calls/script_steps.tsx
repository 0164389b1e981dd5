// The steps of a script, each with its text, what it asks, and where the answers lead.
import {
  ActionIcon,
  Badge,
  Button,
  Card,
  Group,
  Select,
  Stack,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Script, ScriptProblem, ScriptStep } from "@/wire/knowledge";
import { renamed, withNew, withStep } from "./script_model";

const ASKS = ["nothing", "choice", "text", "number", "date"] as const;

interface Props {
  script: Script;
  problems: readonly ScriptProblem[];
  placeholders: readonly string[];
  fields: readonly { value: string; label: string }[];
  onChange: (script: Script) => void;
}

export function ScriptSteps(props: Props) {
  return (
    <Stack gap="sm">
      {props.script.steps.map((step, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the code changes while it is typed
        <StepCard key={at} {...props} step={step} at={at} />
      ))}
    </Stack>
  );
}

function StepCard({
  script,
  problems,
  placeholders,
  fields,
  onChange,
  step,
  at,
}: Props & { step: ScriptStep; at: number }) {
  const { t } = useTranslation();
  const change = (part: Partial<ScriptStep>) => onChange(withStep(script, at, part));
  const targets = [
    { value: "", label: t("scripts.end") },
    ...script.steps.map(({ code, title }) => ({
      value: code,
      label: title ? `${code} · ${title}` : code,
    })),
  ].filter((one, place, all) => all.findIndex(({ value }) => value === one.value) === place);
  return (
    <Card withBorder padding="sm" data-testid="script-step-editor">
      <Stack gap="xs">
        <Group align="flex-end" gap="xs">
          <TextInput
            label={t("scripts.stepCode")}
            w={130}
            required
            pattern="[a-z0-9_\-]{1,32}"
            value={step.code}
            onChange={(event) => onChange(renamed(script, at, event.currentTarget.value))}
          />
          <TextInput
            label={t("scripts.stepTitle")}
            flex={1}
            maxLength={120}
            value={step.title}
            onChange={(event) => change({ title: event.currentTarget.value })}
          />
          {at === 0 && <Badge mb={8}>{t("scripts.start")}</Badge>}
          <ActionIcon
            size={36}
            variant="subtle"
            color="red"
            disabled={script.steps.length === 1}
            aria-label={t("scripts.removeStep", { code: step.code })}
            onClick={() =>
              onChange({ ...script, steps: script.steps.filter((_, place) => place !== at) })
            }
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        <Textarea
          label={t("scripts.text")}
          description={t("scripts.textHint", {
            names: placeholders.map((name) => `{{${name}}}`).join(" "),
            interpolation: { escapeValue: false },
          })}
          autosize
          minRows={2}
          maxRows={12}
          maxLength={4_000}
          value={step.text}
          onChange={(event) => change({ text: event.currentTarget.value })}
        />
        <Group grow align="flex-start">
          <Select
            label={t("scripts.ask")}
            allowDeselect={false}
            data={ASKS.map((ask) => ({ value: ask, label: t(`scriptAsk.${ask}`) }))}
            value={step.ask}
            onChange={(ask) => change({ ask: ASKS.find((one) => one === ask) ?? "nothing" })}
          />
          {step.ask !== "nothing" && (
            <Select
              label={t("scripts.field")}
              placeholder={t("scripts.noField")}
              clearable
              searchable
              data={[...fields]}
              value={step.field || null}
              onChange={(field) => change({ field: field ?? "" })}
            />
          )}
          {step.ask !== "choice" && (
            <Select
              label={t("scripts.next")}
              allowDeselect={false}
              data={targets}
              value={step.next}
              onChange={(next) => change({ next: next ?? "" })}
            />
          )}
        </Group>
        {step.ask === "choice" && <Answers step={step} targets={targets} change={change} />}
        {problems
          .filter((problem) => problem.step === step.code)
          .map((problem) => (
            <Text key={problem.code} size="sm" c={problem.error ? "red" : "orange"} role="status">
              {t(`scriptProblem.${problem.code as "dangling"}`)} {problem.error && problem.text}
            </Text>
          ))}
        <Group>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconPlus size={14} />}
            disabled={script.steps.length >= 100}
            onClick={() => onChange(withNew(script, at))}
          >
            {t("scripts.addStep")}
          </Button>
        </Group>
      </Stack>
    </Card>
  );
}

function Answers({
  step,
  targets,
  change,
}: {
  step: ScriptStep;
  targets: { value: string; label: string }[];
  change: (part: Partial<ScriptStep>) => void;
}) {
  const { t } = useTranslation();
  const put = (at: number, part: Partial<ScriptStep["answers"][number]>) =>
    change({
      answers: step.answers.map((one, place) => (place === at ? { ...one, ...part } : one)),
    });
  return (
    <Stack gap={6}>
      {step.answers.map((answer, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the label changes while it is typed
        <Group key={at} gap="xs" align="flex-end">
          <TextInput
            label={t("scripts.answer")}
            required
            flex={1}
            maxLength={200}
            value={answer.label}
            onChange={(event) => put(at, { label: event.currentTarget.value })}
          />
          <Select
            label={t("scripts.leadsTo")}
            allowDeselect={false}
            data={targets}
            value={answer.next}
            onChange={(next) => put(at, { next: next ?? "" })}
          />
          {step.field !== "" && (
            <TextInput
              label={t("scripts.value")}
              w={120}
              maxLength={200}
              value={answer.value}
              onChange={(event) => put(at, { value: event.currentTarget.value })}
            />
          )}
          <ActionIcon
            size={36}
            variant="subtle"
            color="red"
            aria-label={t("scripts.removeAnswer", { answer: answer.label })}
            onClick={() => change({ answers: step.answers.filter((_, place) => place !== at) })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Group>
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={14} />}
          disabled={step.answers.length >= 20}
          onClick={() => change({ answers: [...step.answers, { label: "", next: "", value: "" }] })}
        >
          {t("scripts.addAnswer")}
        </Button>
      </Group>
    </Stack>
  );
}
