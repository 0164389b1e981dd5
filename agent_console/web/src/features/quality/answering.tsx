// The questions of a form, section by section, with answers and remarks; to be filled in, or to be read.
import { Badge, Group, SegmentedControl, Stack, Text, Textarea, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { nameIn, questionIn, scoreText } from "@/components/quality/words";
import { useLanguage } from "@/state/choices";
import type { EvaluationForm, FormQuestion, Written } from "@/wire/quality";

const NOT_APPLICABLE = "na";

interface Props {
  shape: EvaluationForm;
  written: Written;
  sections?: Record<string, number | null>;
  failed?: readonly string[];
  /** Without it: to be read. */
  onChange?: ((written: Written) => void) | undefined;
}

export function Answering({ shape, written, sections, failed = [], onChange }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  return (
    <Stack>
      {shape.sections.map((section) => (
        <Stack key={section.code} gap="sm" data-section={section.code}>
          <Group justify="space-between">
            <Title order={3} size="h6">
              {nameIn(section, language)}
            </Title>
            <Text size="sm" c="dimmed" className="cc-figures">
              {sections === undefined
                ? t("quality.weight", { weight: section.weight })
                : scoreText(sections[section.code] ?? null)}
            </Text>
          </Group>
          {section.questions.map((question) => (
            <Asked
              key={question.code}
              question={question}
              written={written}
              failed={failed.includes(question.code)}
              onChange={onChange}
            />
          ))}
        </Stack>
      ))}
      {onChange !== undefined ? (
        <Textarea
          label={t("quality.comment")}
          autosize
          minRows={2}
          maxLength={4000}
          value={written.comment}
          onChange={(event) => onChange({ ...written, comment: event.currentTarget.value })}
        />
      ) : (
        written.comment !== "" && <Words text={written.comment} />
      )}
    </Stack>
  );
}

function Asked({
  question,
  written,
  failed,
  onChange,
}: {
  question: FormQuestion;
  written: Written;
  failed: boolean;
  onChange: ((written: Written) => void) | undefined;
}) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { code } = question;
  const label = questionIn(question, language);
  const answer = written.answers[code];
  const value = answer === undefined ? "" : answer === null ? NOT_APPLICABLE : String(answer);
  const choices = [
    ...(question.kind === "yes-no"
      ? [
          { value: "1", label: t("quality.yes") },
          { value: "0", label: t("quality.no") },
        ]
      : Array.from({ length: question.steps }, (_, step) => ({
          value: String(step + 1),
          label: String(step + 1),
        }))),
    ...(question.may_skip ? [{ value: NOT_APPLICABLE, label: t("quality.notApplicable") }] : []),
  ];
  const remark = written.remarks[code] ?? "";
  return (
    <Stack gap={4} data-question={code}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={500} style={{ flex: "1 1 180px" }}>
          {label}{" "}
          {question.fails_all && (
            <Badge size="xs" className="cc-badge" color={failed ? "red" : "gray"} variant="light">
              {t("quality.failsAll")}
            </Badge>
          )}
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={label}
          readOnly={onChange === undefined}
          data={value === "" ? [...choices, { value: "", label: "–" }] : choices}
          value={value}
          onChange={(chosen) =>
            chosen !== "" &&
            onChange?.({
              ...written,
              answers: {
                ...written.answers,
                [code]: chosen === NOT_APPLICABLE ? null : Number(chosen),
              },
            })
          }
        />
      </Group>
      {question.hint !== "" && (
        <Text size="xs" c="dimmed">
          {question.hint}
        </Text>
      )}
      {onChange !== undefined ? (
        <Textarea
          size="xs"
          aria-label={t("quality.remarkTo", { question: label })}
          placeholder={t("quality.remark")}
          autosize
          maxRows={4}
          maxLength={1000}
          value={remark}
          onChange={(event) =>
            onChange({
              ...written,
              remarks: { ...written.remarks, [code]: event.currentTarget.value },
            })
          }
        />
      ) : (
        remark !== "" && <Words text={remark} />
      )}
    </Stack>
  );
}

function Words({ text }: { text: string }) {
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
      {text}
    </Text>
  );
}
