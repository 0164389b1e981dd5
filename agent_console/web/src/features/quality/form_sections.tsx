// The sections of a form's draft, and their questions.
import {
  ActionIcon,
  Button,
  Card,
  Checkbox,
  Group,
  NumberInput,
  Select,
  Stack,
  TextInput,
} from "@mantine/core";
import { IconArrowUp, IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { FormQuestion, FormSection } from "@/wire/quality";

export const question = (number: number): FormQuestion => ({
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
/** The next of `q1, q2, ...` that is free. */
export function free(letter: string, taken: readonly string[]): string {
  let number = taken.length + 1;
  while (taken.includes(`${letter}${number}`)) number += 1;
  return `${letter}${number}`;
}

interface SectionProps {
  section: FormSection;
  taken: readonly string[];
  off: boolean;
  onChange: (section: FormSection) => void;
  onRemove: (() => void) | undefined;
}

export function SectionEditor({ section, taken, off, onChange, onRemove }: SectionProps) {
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
