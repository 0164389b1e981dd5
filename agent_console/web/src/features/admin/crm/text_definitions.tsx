// Kinds of tickets, macros, follow-up plans and working hours: each a small table, edited as text in the
// form the interface takes; the server says what does not hold together and where.
import {
  Badge,
  Button,
  Group,
  JsonInput,
  NumberInput,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ticketTypesQuery } from "@/components/crm/ticket_words";
import { Failure } from "@/components/feedback";
import { nameOf, useLanguage } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import {
  listMacros,
  listPlans,
  listTicketTypes,
  listWorkHours,
  putMacro,
  putPlan,
  putTicketType,
  putWorkHours,
  removeMacro,
  removePlan,
  removeWorkHours,
} from "@/wire/crm";
import { DefinedList } from "./defined_list";

interface Stored {
  code: string;
  value: { name: string; name_zh: string };
  position: number;
  version: number;
}

interface Part {
  words: "types" | "macros" | "plans" | "hours";
  query: string;
  list: () => Promise<Stored[]>;
  put: (
    code: string,
    body: { value: unknown; position: number; version: number },
  ) => Promise<unknown>;
  remove: ((code: string) => Promise<unknown>) | null;
  first: unknown;
}

const PARTS: Part[] = [
  {
    words: "types",
    query: ticketTypesQuery.queryKey[0] ?? "ticket-types",
    list: listTicketTypes,
    put: (code, body) => putTicketType(code, body as Parameters<typeof putTicketType>[1]),
    remove: null,
    first: {
      name: "",
      name_zh: "",
      stages: [
        { code: "new", name: "New", name_zh: "新建", kind: "open", next: ["closed"] },
        { code: "closed", name: "Closed", name_zh: "已关闭", kind: "closed", next: ["new"] },
      ],
      fields: [],
      targets: { "1": { first_answer_minutes: 240, solution_minutes: 2880 } },
      work_hours: "",
      escalate_to: "",
    },
  },
  {
    words: "macros",
    query: "macros",
    list: listMacros,
    put: (code, body) => putMacro(code, body as Parameters<typeof putMacro>[1]),
    remove: removeMacro,
    first: { name: "", name_zh: "", types: [], stage: "", reason: "", comment: "", public: false },
  },
  {
    words: "plans",
    query: "plans",
    list: listPlans,
    put: (code, body) => putPlan(code, body as Parameters<typeof putPlan>[1]),
    remove: removePlan,
    first: {
      name: "",
      name_zh: "",
      trigger: "ticket_closed",
      ticket_type: "complaint",
      owner: "ticket_owner",
      steps: [{ after_days: 3, kind: "call", title: "", title_zh: "" }],
    },
  },
  {
    words: "hours",
    query: "work-hours",
    list: listWorkHours,
    put: (code, body) => putWorkHours(code, body as Parameters<typeof putWorkHours>[1]),
    remove: removeWorkHours,
    first: {
      name: "",
      name_zh: "",
      timezone: "Asia/Shanghai",
      week: { "mon-fri": "09:00-18:00" },
      holidays: {},
      overrides: {},
    },
  },
];

export function TextDefinitions() {
  return PARTS.map((part) => <PartList key={part.words} part={part} />);
}

function PartList({ part }: { part: Part }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const query = useQuery({ queryKey: [part.query], queryFn: part.list });
  return (
    <DefinedList
      title={t(`define.${part.words}`)}
      addLabel={t("define.new")}
      items={query.data}
      error={query.error}
      retry={() => void query.refetch()}
      keyOf={({ code }) => code}
      cells={(one) => [
        <Text key="name" fw={600} size="sm">
          {nameOf({ code: one.code, ...one.value }, language)}
        </Text>,
        one.code,
        one.version === 0 ? <Badge key="standard">{t("define.standard")}</Badge> : "",
      ]}
      form={(one, done) => <PartForm part={part} one={one} onDone={done} />}
    />
  );
}

function PartForm({ part, one, onDone }: { part: Part; one: Stored | null; onDone: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const { code: _, ...shown } = { code: "", ...((one?.value ?? part.first) as object) };
  const kept = useKeptForm(`define-${part.words}-${one?.code ?? ""}`, {
    code: one?.code ?? "",
    text: JSON.stringify(shown, null, 2),
    position: one?.position ?? 0,
  });
  const [value, setValue] = useState(kept.first);
  const [error, setError] = useState<unknown>(null);
  const change = (next: Partial<typeof value>) => {
    const after = { ...value, ...next };
    setValue(after);
    kept.keep(after);
  };
  const run = async (action: () => Promise<unknown>) => {
    setError(null);
    try {
      await action();
      kept.forget();
      await queries.invalidateQueries({ queryKey: [part.query] });
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  const readable = isJson(value.text);
  const save = () =>
    run(() => {
      const body = JSON.parse(value.text) as object;
      const whole = part.words === "hours" ? body : { ...body, code: value.code };
      return part.put(value.code, {
        value: whole,
        position: value.position,
        version: one?.version ?? 0,
      });
    });
  const { remove } = part;
  return (
    <Stack gap="sm">
      <Group grow>
        <TextInput
          label={t("define.code")}
          disabled={one !== null}
          value={value.code}
          onChange={(event) => change({ code: event.currentTarget.value })}
        />
        <NumberInput
          label={t("define.position")}
          min={0}
          max={1000}
          value={value.position}
          onChange={(position) => change({ position: Number(position) || 0 })}
        />
      </Group>
      <JsonInput
        label={t("define.text")}
        description={t("define.textHint")}
        autosize
        minRows={10}
        maxRows={24}
        formatOnBlur
        error={readable ? undefined : t("define.unreadable")}
        value={value.text}
        onChange={(text) => change({ text })}
      />
      {error !== null && <Failure error={error} />}
      <Group justify="space-between">
        <Button disabled={!readable || value.code === ""} onClick={() => void save()}>
          {t("action.save")}
        </Button>
        {remove !== null && one !== null && (
          <Button
            color="red"
            variant="subtle"
            onClick={() => {
              if (window.confirm(t("define.removeSure"))) void run(() => remove(one.code));
            }}
          >
            {t("define.remove")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function isJson(text: string): boolean {
  try {
    const read: unknown = JSON.parse(text);
    return typeof read === "object" && read !== null && !Array.isArray(read);
  } catch {
    return false;
  }
}
