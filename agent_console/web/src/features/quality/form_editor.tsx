// The draft of one form: sections and questions with their weights, and its versions. What is typed is kept
// in the browser until it is saved.
import {
  Button,
  Fieldset,
  Group,
  MultiSelect,
  NumberInput,
  Stack,
  Switch,
  TextInput,
} from "@mantine/core";
import { IconArrowLeft, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSaving } from "@/components/saving";
import { useChoices } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { useSession } from "@/state/session";
import { type EvaluationForm, type FormSection, type StoredForm, saveForm } from "@/wire/quality";
import { free, question, SectionEditor } from "./form_sections";
import { Publishing } from "./publishing";

const EMPTY: EvaluationForm = {
  code: "",
  name: "",
  name_zh: "",
  note: "",
  queues: [],
  pass_mark: 80,
  sections: [{ code: "s1", name: "", name_zh: "", weight: 100, questions: [question(1)] }],
};

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
