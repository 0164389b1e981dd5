// The forms of what administrators define for tickets, each by its own shape.
import {
  Checkbox,
  Fieldset,
  Group,
  NativeSelect,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { nameOf, useChoices, useLanguage } from "@/state/choices";
import { LANGUAGES } from "@/state/format";
import { listWorkHours, type TicketType } from "@/wire/crm";
import { FieldsEditor } from "../calls/fields_editor";
import { minutesOf, StagesEditor } from "./define_stages";

export interface BodyProps<T> {
  value: T;
  onChange: (value: T) => void;
}

const LETTERS = ["created", "late", "solved"] as const;
const PRIORITIES = [3, 2, 1, 0] as const;

export function TicketTypeBody({ value, onChange }: BodyProps<TicketType>) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { agent_names } = useChoices();
  const hours = useQuery({ queryKey: ["work-hours"], queryFn: listWorkHours }).data ?? [];
  const change = (part: Partial<TicketType>) => onChange({ ...value, ...part });
  return (
    <Stack gap="sm">
      <Group grow align="flex-start">
        <Select
          label={t("define.hoursOfType")}
          placeholder={t("define.roundTheClock")}
          clearable
          data={hours.map((one) => ({
            value: one.code,
            label: nameOf({ ...one.value, code: one.code }, language),
          }))}
          value={value.work_hours || null}
          onChange={(code) => change({ work_hours: code ?? "" })}
        />
        <Select
          label={t("define.escalateTo")}
          placeholder={t("define.nobody")}
          clearable
          searchable
          data={Object.entries(agent_names).map(([id, name]) => ({ value: id, label: name }))}
          value={value.escalate_to || null}
          onChange={(agent) => change({ escalate_to: agent ?? "" })}
        />
      </Group>
      <Group>
        <Checkbox
          label={t("define.active")}
          checked={value.active}
          onChange={(event) => change({ active: event.currentTarget.checked })}
        />
        <Checkbox
          label={t("define.satisfaction")}
          checked={value.ask_satisfaction}
          onChange={(event) => change({ ask_satisfaction: event.currentTarget.checked })}
        />
      </Group>
      <Letters value={value} onChange={onChange} />
      <Targets value={value} onChange={onChange} />
      <FieldsEditor fields={value.fields} onChange={(fields) => change({ fields })} />
      <StagesEditor type={value} onChange={(stages) => change({ stages })} />
    </Stack>
  );
}

/** Who is told of these tickets by e-mail. */
function Letters({ value, onChange }: BodyProps<TicketType>) {
  const { t } = useTranslation();
  const change = (part: Partial<TicketType>) => onChange({ ...value, ...part });
  return (
    <Fieldset legend={t("define.letters")}>
      <Stack gap="sm">
        <TagsInput
          label={t("define.mail")}
          description={t("define.mailHint")}
          maxTags={10}
          value={value.mail}
          onChange={(mail) => change({ mail })}
        />
        {value.mail.length > 0 && (
          <Group align="flex-end">
            <Checkbox.Group
              label={t("define.mailOn")}
              value={value.mail_on}
              onChange={(chosen) =>
                change({ mail_on: LETTERS.filter((one) => chosen.includes(one)) })
              }
            >
              <Group mt={6}>
                {LETTERS.map((one) => (
                  <Checkbox key={one} value={one} label={t(`defineMailOn.${one}`)} />
                ))}
              </Group>
            </Checkbox.Group>
            <NativeSelect
              label={t("define.mailLanguage")}
              data={LANGUAGES}
              value={value.mail_language}
              onChange={(event) =>
                change({ mail_language: event.currentTarget.value === "zh" ? "zh" : "en" })
              }
            />
          </Group>
        )}
        <Checkbox
          label={t("define.mailCustomer")}
          description={t("define.mailCustomerHint")}
          checked={value.mail_customer}
          onChange={(event) => change({ mail_customer: event.currentTarget.checked })}
        />
      </Stack>
    </Fieldset>
  );
}

function Targets({ value, onChange }: BodyProps<TicketType>) {
  const { t } = useTranslation();
  const put =
    (priority: number, name: "first_answer_minutes" | "solution_minutes") =>
    (hours: number | string) => {
      const before = value.targets[String(priority)] ?? {
        first_answer_minutes: null,
        solution_minutes: null,
      };
      const after = { ...before, [name]: minutesOf(hours) };
      onChange({ ...value, targets: { ...value.targets, [String(priority)]: after } });
    };
  const hours = (minutes: number | null | undefined) =>
    minutes === null || minutes === undefined ? "" : minutes / 60;
  return (
    <Fieldset legend={t("define.targets")}>
      <Stack gap="xs">
        {PRIORITIES.map((priority) => {
          const target = value.targets[String(priority)];
          const name = t(`priority.${priority}`);
          return (
            <Group key={priority} gap="xs" align="flex-end">
              <Text size="sm" w={90} mb={8}>
                {name}
              </Text>
              <NumberInput
                label={t("define.firstAnswer")}
                aria-label={`${name}: ${t("define.firstAnswer")}`}
                min={0}
                max={8_760}
                decimalScale={2}
                value={hours(target?.first_answer_minutes)}
                onChange={put(priority, "first_answer_minutes")}
              />
              <NumberInput
                label={t("define.solution")}
                aria-label={`${name}: ${t("define.solution")}`}
                min={0}
                max={8_760}
                decimalScale={2}
                value={hours(target?.solution_minutes)}
                onChange={put(priority, "solution_minutes")}
              />
            </Group>
          );
        })}
      </Stack>
    </Fieldset>
  );
}
