// The draft of one form: sections and questions with their weights, and its versions. What is typed is kept
// in the browser until it is saved.
import {
  ActionIcon,
  Alert,
  Button,
  Card,
  Checkbox,
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  Table,
  Text,
  TextInput,
} from "@mantine/core";
import { IconArrowLeft, IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSaving } from "@/components/saving";
import { useChoices, useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { useKeptForm } from "@/state/kept_form";
import { useSession } from "@/state/session";
import {
  type EvaluationForm,
  type FormQuestion,
  type FormSection,
  listFormVersions,
  publishForm,
  restoreForm,
  type StoredForm,
  saveForm,
} from "@/wire/quality";

const question = (number: number): FormQuestion => ({
  code: `q${number}`,
  text: "",
  text_zh: "",
  hint: "",
  kind: "yes-no",
  steps: 5,
  weight: 1,
  may_skip: false,
  fails_all: false,
});
const EMPTY: EvaluationForm = {
  code: "",
  name: "",
  name_zh: "",
  note: "",
  queues: [],
  pass_mark: 80,
  sections: [{ code: "s1", name: "", name_zh: "", weight: 100, questions: [question(1)] }],
};

/** The next of `q1, q2, ...` that is free. */
function free(letter: string, taken: readonly string[]): string {
  let number = taken.length + 1;
  while (taken.includes(`${letter}${number}`)) number += 1;
  return `${letter}${number}`;
}

interface Props {
  stored: StoredForm | null;
  onNew: (code: string) => void;
  onDone: () => void;
}

export function FormEditor({ stored, onNew, onDone }: Props) {
  const { t } = useTranslation();
  const { role } = useSession();
  const { queue_names } = useChoices();
  const { save, saving } = useSaving(["quality", "forms"]);
  const start = { form: stored?.form ?? EMPTY, active: stored?.active ?? true };
  const kept = useKeptForm(`evaluation-form-${stored?.form.code ?? ""}`, start);
  const [{ form, active }, setValue] = useState(kept.first);
  const off = role !== "administrator";
  const change = (part: Partial<EvaluationForm>, on = active) => {
    const next = { form: { ...form, ...part }, active: on };
    setValue(next);
    kept.keep(next);
  };
  const put = (at: number, section: FormSection) =>
    change({ sections: form.sections.map((one, place) => (place === at ? section : one)) });
  const codes = form.sections.flatMap(({ questions }) => questions.map(({ code }) => code));
  const keep = () =>
    save(async () => {
      await saveForm(form, active, stored?.revision ?? 0);
      kept.forget();
      if (stored === null) onNew(form.code);
    });
  return (
    <Stack data-testid="form-editor">
      <Group>
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={onDone}>
          {t("quality.back")}
        </Button>
      </Group>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        <Fieldset disabled={off} variant="unstyled">
          <Stack>
            <Group grow align="flex-start">
              <TextInput
                label={t("quality.code")}
                required
                pattern="[a-z0-9_\-]{1,32}"
                disabled={stored !== null}
                value={form.code}
                onChange={(event) => change({ code: event.currentTarget.value })}
              />
              <TextInput
                label={t("quality.name")}
                required
                maxLength={120}
                value={form.name}
                onChange={(event) => change({ name: event.currentTarget.value })}
              />
              <TextInput
                label={t("quality.nameZh")}
                maxLength={120}
                value={form.name_zh}
                onChange={(event) => change({ name_zh: event.currentTarget.value })}
              />
            </Group>
            <Group align="flex-end">
              <NumberInput
                label={t("quality.passMark")}
                w={140}
                min={0}
                max={100}
                disabled={off}
                value={form.pass_mark}
                onChange={(value) => change({ pass_mark: Number(value) || 0 })}
              />
              <MultiSelect
                label={t("quality.queues")}
                clearable
                disabled={off}
                data={Object.entries(queue_names).map(([value, label]) => ({ value, label }))}
                value={[...form.queues]}
                onChange={(queues) => change({ queues })}
              />
              <Switch
                mb={8}
                label={t("quality.active")}
                checked={active}
                onChange={(event) => change({}, event.currentTarget.checked)}
              />
            </Group>
            {form.sections.map((section, at) => (
              <SectionEditor
                // biome-ignore lint/suspicious/noArrayIndexKey: sections have no other name yet
                key={at}
                section={section}
                taken={codes}
                off={off}
                onChange={(next) => put(at, next)}
                onRemove={
                  form.sections.length === 1
                    ? undefined
                    : () => change({ sections: form.sections.filter((_, one) => one !== at) })
                }
              />
            ))}
            {!off && (
              <Group>
                <Button
                  variant="default"
                  leftSection={<IconPlus size={16} />}
                  onClick={() =>
                    change({
                      sections: [
                        ...form.sections,
                        {
                          code: free(
                            "s",
                            form.sections.map(({ code }) => code),
                          ),
                          name: "",
                          name_zh: "",
                          weight: 100,
                          questions: [{ ...question(0), code: free("q", codes) }],
                        },
                      ],
                    })
                  }
                >
                  {t("quality.addSection")}
                </Button>
                <Button type="submit" loading={saving}>
                  {t("quality.saveDraft")}
                </Button>
              </Group>
            )}
          </Stack>
        </Fieldset>
      </form>
      {stored !== null && <Publishing stored={stored} />}
    </Stack>
  );
}

interface SectionProps {
  section: FormSection;
  taken: readonly string[];
  off: boolean;
  onChange: (section: FormSection) => void;
  onRemove: (() => void) | undefined;
}

function SectionEditor({ section, taken, off, onChange, onRemove }: SectionProps) {
  const { t } = useTranslation();
  const { questions } = section;
  const put = (at: number, one: FormQuestion) =>
    onChange({ ...section, questions: questions.map((old, place) => (place === at ? one : old)) });
  const up = (at: number) => {
    const next = [...questions];
    const [one] = next.splice(at, 1);
    if (one !== undefined) next.splice(at - 1, 0, one);
    onChange({ ...section, questions: next });
  };
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Group align="flex-end">
          <TextInput
            label={t("quality.section")}
            required
            maxLength={120}
            value={section.name}
            onChange={(event) => onChange({ ...section, name: event.currentTarget.value })}
          />
          <TextInput
            label={t("quality.nameZh")}
            maxLength={120}
            value={section.name_zh}
            onChange={(event) => onChange({ ...section, name_zh: event.currentTarget.value })}
          />
          <NumberInput
            label={t("quality.sectionWeight")}
            w={110}
            min={0}
            max={1000}
            disabled={off}
            value={section.weight}
            onChange={(value) => onChange({ ...section, weight: Number(value) || 0 })}
          />
          {!off && onRemove !== undefined && (
            <ActionIcon
              variant="subtle"
              color="gray"
              mb={4}
              aria-label={t("quality.removeSection")}
              onClick={onRemove}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
        {questions.map((one, at) => (
          <QuestionEditor
            key={one.code}
            one={one}
            off={off}
            onChange={(next) => put(at, next)}
            onUp={at === 0 ? undefined : () => up(at)}
            onRemove={
              questions.length === 1
                ? undefined
                : () =>
                    onChange({
                      ...section,
                      questions: questions.filter((_, place) => place !== at),
                    })
            }
          />
        ))}
        {!off && (
          <Group>
            <Button
              size="xs"
              variant="default"
              leftSection={<IconPlus size={14} />}
              onClick={() =>
                onChange({
                  ...section,
                  questions: [...questions, { ...question(0), code: free("q", taken) }],
                })
              }
            >
              {t("quality.addQuestion")}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

interface QuestionProps {
  one: FormQuestion;
  off: boolean;
  onChange: (one: FormQuestion) => void;
  onUp: (() => void) | undefined;
  onRemove: (() => void) | undefined;
}

function QuestionEditor({ one, off, onChange, onUp, onRemove }: QuestionProps) {
  const { t } = useTranslation();
  return (
    <Group align="flex-end" gap="sm" data-testid="form-question">
      <TextInput
        style={{ flex: "1 1 220px" }}
        label={t("quality.question")}
        required
        maxLength={120}
        value={one.text}
        onChange={(event) => onChange({ ...one, text: event.currentTarget.value })}
      />
      <TextInput
        style={{ flex: "1 1 160px" }}
        label={t("quality.nameZh")}
        maxLength={120}
        value={one.text_zh}
        onChange={(event) => onChange({ ...one, text_zh: event.currentTarget.value })}
      />
      <TextInput
        style={{ flex: "1 1 160px" }}
        label={t("quality.hint")}
        maxLength={1000}
        value={one.hint}
        onChange={(event) => onChange({ ...one, hint: event.currentTarget.value })}
      />
      <Select
        w={120}
        label={t("quality.kind")}
        allowDeselect={false}
        disabled={off}
        data={[
          { value: "yes-no", label: t("quality.yesNo") },
          { value: "scale", label: t("quality.scale") },
        ]}
        value={one.kind}
        onChange={(kind) => onChange({ ...one, kind: kind === "scale" ? "scale" : "yes-no" })}
      />
      {one.kind === "scale" && (
        <NumberInput
          w={90}
          label={t("quality.steps")}
          min={2}
          max={10}
          disabled={off}
          value={one.steps}
          onChange={(value) => onChange({ ...one, steps: Number(value) || 5 })}
        />
      )}
      <NumberInput
        w={90}
        label={t("quality.questionWeight")}
        min={0}
        max={1000}
        disabled={off}
        value={one.weight}
        onChange={(value) => onChange({ ...one, weight: Number(value) || 0 })}
      />
      <Checkbox
        mb={8}
        label={t("quality.maySkip")}
        checked={one.may_skip}
        onChange={(event) => onChange({ ...one, may_skip: event.currentTarget.checked })}
      />
      <Checkbox
        mb={8}
        label={t("quality.failsAll")}
        checked={one.fails_all}
        onChange={(event) => onChange({ ...one, fails_all: event.currentTarget.checked })}
      />
      {!off && (
        <Group gap={2} mb={4} wrap="nowrap">
          {onUp !== undefined && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("quality.moveUp")}
              onClick={onUp}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
          )}
          {onRemove !== undefined && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("quality.removeQuestion")}
              onClick={onRemove}
            >
              <IconTrash size={16} />
            </ActionIcon>
          )}
        </Group>
      )}
    </Group>
  );
}

function Publishing({ stored }: { stored: StoredForm }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { role } = useSession();
  const { code } = stored.form;
  const { save, saving } = useSaving(["quality", "forms"]);
  const [note, setNote] = useState("");
  const versions = useQuery({
    queryKey: ["quality", "forms", code, "versions"],
    queryFn: () => listFormVersions(code),
  });
  return (
    <Card withBorder>
      <Stack gap="sm">
        {stored.flaws.length > 0 && <Alert color="orange">{stored.flaws.join("; ")}</Alert>}
        {role === "administrator" && (
          <Group align="flex-end">
            <TextInput
              label={t("quality.versionNote")}
              maxLength={300}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
            <Button
              loading={saving}
              disabled={!stored.draft_ahead || stored.flaws.length > 0}
              onClick={async () => {
                if (await save(() => publishForm(code, stored.revision, note))) setNote("");
              }}
            >
              {t("quality.publish")}
            </Button>
            <Text size="sm" c="dimmed">
              {t("quality.publishHint")}
            </Text>
          </Group>
        )}
        {(versions.data ?? []).length > 0 && (
          <Table>
            <Table.Tbody>
              {versions.data?.map((one) => (
                <Table.Tr key={one.number}>
                  <Table.Td>v{one.number}</Table.Td>
                  <Table.Td>{one.note}</Table.Td>
                  <Table.Td>{one.by}</Table.Td>
                  <Table.Td className="cc-figures">
                    {moment(Date.parse(one.at) / 1000, serverNow(), language)}
                  </Table.Td>
                  <Table.Td ta="end">
                    {role === "administrator" && (
                      <Button
                        size="compact-xs"
                        variant="subtle"
                        onClick={() =>
                          void save(() => restoreForm(code, stored.revision, one.number))
                        }
                      >
                        {t("quality.restore")}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Card>
  );
}
