// Kinds of tickets, macros, follow-up plans and working hours: each a list with a form of its own shape;
// the server says what does not hold together and where. What is typed is kept until it is saved.
import { Alert, Badge, Text } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ComponentType, useState } from "react";
import { useTranslation } from "react-i18next";
import { ticketTypesQuery } from "@/components/crm/ticket_words";
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
import { type BodyProps, TicketTypeBody } from "./define_bodies";
import { DefineForm } from "./define_form";
import { HoursBody } from "./define_hours";
import { MacroBody, PlanBody } from "./define_rules";
import { DefinedList } from "./defined_list";

interface Names {
  name: string;
  name_zh: string;
}

/** A form is given what its own list holds; the table below is the one place that pairs them. */
const shaped = <T extends Names>(form: ComponentType<BodyProps<T>>) =>
  form as unknown as ComponentType<BodyProps<Names>>;

interface Stored {
  code: string;
  value: Names;
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
  first: Names;
  Body: ComponentType<BodyProps<Names>>;
}

const STAGE = { needs: [], needs_reason: false, deadline_minutes: null };

const PARTS: Part[] = [
  {
    words: "types",
    Body: shaped(TicketTypeBody),
    query: ticketTypesQuery.queryKey[0] ?? "ticket-types",
    list: listTicketTypes,
    put: (code, body) => putTicketType(code, body as Parameters<typeof putTicketType>[1]),
    remove: null,
    first: {
      name: "",
      name_zh: "",
      stages: [
        { ...STAGE, code: "new", name: "New", name_zh: "新建", kind: "open", next: ["closed"] },
        {
          ...STAGE,
          code: "closed",
          name: "Closed",
          name_zh: "已关闭",
          kind: "closed",
          next: ["new"],
        },
      ],
      active: true,
      ask_satisfaction: true,
      mail: [],
      mail_on: ["created", "late"],
      mail_language: "en",
      mail_customer: false,
      fields: [],
      targets: { "1": { first_answer_minutes: 240, solution_minutes: 2880 } },
      work_hours: "",
      escalate_to: "",
    } as Names,
  },
  {
    words: "macros",
    Body: shaped(MacroBody),
    query: "macros",
    list: listMacros,
    put: (code, body) => putMacro(code, body as Parameters<typeof putMacro>[1]),
    remove: removeMacro,
    first: {
      name: "",
      name_zh: "",
      types: [],
      stage: "",
      reason: "",
      priority: null,
      owner_agent: "",
      comment: "",
      public: false,
    } as Names,
  },
  {
    words: "plans",
    Body: shaped(PlanBody),
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
      active: true,
      steps: [{ after_days: 3, kind: "call", title: "", title_zh: "", repeat_days: 0, times: 1 }],
    } as Names,
  },
  {
    words: "hours",
    Body: shaped(HoursBody),
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
    } as Names,
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
  const kept = useKeptForm(`define-${part.words}-${one?.code ?? ""}`, {
    code: one?.code ?? "",
    body: one?.value ?? part.first,
    position: one?.position ?? 0,
  });
  const [value, setValue] = useState(kept.first);
  const change = (after: typeof value) => {
    setValue(after);
    kept.keep(after);
  };
  const { remove, Body } = part;
  const { body } = value;
  const save = async () => {
    const whole = part.words === "hours" ? body : { ...body, code: value.code };
    await part.put(value.code, {
      value: whole,
      position: value.position,
      version: one?.version ?? 0,
    });
    kept.forget();
    await queries.invalidateQueries({ queryKey: [part.query] });
  };
  return (
    <DefineForm
      value={{
        code: value.code,
        name: body.name,
        name_zh: body.name_zh,
        position: value.position,
      }}
      isNew={one === null}
      onChange={({ code, name, name_zh, position }) =>
        change({ code, body: { ...body, name, name_zh }, position })
      }
      save={save}
      remove={
        remove === null || one === null || one.version === 0 ? undefined : () => remove(one.code)
      }
      query={part.query}
      onDone={onDone}
    >
      {kept.found && <Alert color="blue">{t("define.found")}</Alert>}
      <Body value={body} onChange={(next) => change({ ...value, body: next })} />
    </DefineForm>
  );
}
