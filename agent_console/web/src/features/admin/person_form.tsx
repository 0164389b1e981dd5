// One person: sign-in, role, and, for those who take calls, team and queues.
import {
  Button,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  Select,
  SimpleGrid,
  Stack,
  TextInput,
} from "@mantine/core";
import { type UseFormReturnType, useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { listTeams } from "@/wire/floor";
import type { AgentGroup } from "@/wire/groups";
import type { Role } from "@/wire/messages";
import { type AgentEntry, ApiError, type Person, type QueueEntry } from "@/wire/rest";
import { idFrom, type PersonEdit } from "./directory";
import { SkillsEditor } from "./skills_editor";

interface Props {
  person: Person | null;
  agents: AgentEntry[];
  queues: QueueEntry[];
  groups: AgentGroup[];
  onSave: (edit: PersonEdit) => Promise<void>;
}

interface Values {
  login: string;
  name: string;
  role: Role;
  locale: "en" | "zh";
  active: boolean;
  takesCalls: boolean;
  team: string;
  queues: string[];
  skills: Record<string, number>;
  groups: string[];
  weight: number | string;
  voice: boolean;
  chat: number | string;
  work: number | string;
}

const ROLES: Role[] = ["agent", "supervisor", "administrator"];

export function PersonForm({ person, agents, queues, groups, onSave }: Props) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const agent = agents.find(({ id }) => id === person?.agent);
  const teams = useQuery({ queryKey: ["admin", "teams"], queryFn: listTeams });
  const form = useForm<Values>({
    initialValues: {
      login: person?.login ?? "",
      name: person?.name ?? "",
      role: person?.role ?? "agent",
      locale: person?.locale === "zh" ? "zh" : "en",
      active: person?.active ?? true,
      takesCalls: person === null || person.agent !== null,
      team: agent?.team ?? "",
      queues: agent?.queues ?? [],
      skills: agent?.skills ?? {},
      groups: agent?.groups ?? [],
      weight: agent?.weight ?? 1,
      voice: (agent?.capacity?.voice ?? 1) > 0,
      chat: agent?.capacity?.chat ?? 0,
      work: agent?.capacity?.work ?? 0,
    },
    validate: {
      login: (login, all) => {
        if (login.trim() === "") return t("login.loginMissing");
        return all.takesCalls && idFrom(login) === "" ? t("admin.loginForAgent") : null;
      },
      name: (name) => (name.trim() === "" ? t("firstRun.nameMissing") : null),
    },
  });
  const submit = async (values: Values) => {
    const { takesCalls, team, queues: wanted, skills, groups: chosen, ...rest } = values;
    const { weight, voice, chat, work, ...user } = rest;
    setError(null);
    const id = takesCalls ? (person?.agent ?? idFrom(user.login)) : null;
    try {
      await onSave({
        id: person?.id ?? null,
        user: { ...user, name: user.name.trim(), agent: id },
        team,
        skills,
        queues: wanted,
        groups: chosen,
        weight: weight === "" ? 1 : Number(weight),
        capacity: { voice: voice ? 1 : 0, chat: Number(chat), work: Number(work) },
      });
    } catch (problem) {
      if (problem instanceof ApiError) form.setErrors(problem.fields);
      setError(problem);
    }
  };
  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack gap="sm">
        <Group grow align="flex-start">
          <TextInput
            label={t("firstRun.name")}
            maxLength={120}
            data-autofocus
            {...form.getInputProps("name")}
          />
          <TextInput label={t("login.login")} maxLength={64} {...form.getInputProps("login")} />
        </Group>
        <Group grow align="flex-start">
          <Select
            label={t("admin.role")}
            allowDeselect={false}
            data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
            {...form.getInputProps("role")}
          />
          <Select
            label={t("admin.locale")}
            allowDeselect={false}
            data={[
              { value: "en", label: t("language.en") },
              { value: "zh", label: t("language.zh") },
            ]}
            {...form.getInputProps("locale")}
          />
        </Group>
        <Checkbox
          label={t("admin.takesCalls")}
          {...form.getInputProps("takesCalls", { type: "checkbox" })}
        />
        {form.values.takesCalls && (
          <Group grow align="flex-start">
            <Select
              label={t("admin.team")}
              clearable
              data={(teams.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              value={form.values.team || null}
              onChange={(team) => form.setFieldValue("team", team ?? "")}
            />
            <MultiSelect
              label={t("admin.queues")}
              data={queues.map(({ id, name }) => ({ value: id, label: name }))}
              {...form.getInputProps("queues")}
            />
          </Group>
        )}
        {form.values.takesCalls && (
          <SkillsEditor
            label={t("admin.skills")}
            hint={t("admin.skillsHint")}
            value={form.values.skills}
            onChange={(skills) => form.setFieldValue("skills", skills)}
          />
        )}
        {form.values.takesCalls && (
          <Work form={form} groups={groups} memberOf={agent?.member_of ?? []} />
        )}
        {person !== null && (
          <Checkbox
            label={t("admin.active")}
            {...form.getInputProps("active", { type: "checkbox" })}
          />
        )}
        {error !== null && <Failure error={error} />}
        <Button type="submit" loading={form.submitting}>
          {person === null ? t("admin.create") : t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}

/** Groups, and how much at once: what few people need to change. */
function Work({
  form,
  groups,
  memberOf,
}: {
  form: UseFormReturnType<Values>;
  groups: AgentGroup[];
  memberOf: string[];
}) {
  const { t } = useTranslation();
  const byCondition = groups
    .filter(({ id }) => memberOf.includes(id) && !form.values.groups.includes(id))
    .map(({ name }) => name);
  return (
    <>
      <MultiSelect
        label={t("admin.groupsByHand")}
        description={
          byCondition.length > 0
            ? t("admin.groupsByCondition", { names: byCondition.join(", ") })
            : t("admin.groupsByHandHint")
        }
        data={groups.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        {...form.getInputProps("groups")}
      />
      <Checkbox label={t("admin.voice")} {...form.getInputProps("voice", { type: "checkbox" })} />
      <SimpleGrid cols={{ base: 1, sm: 3 }} style={{ alignItems: "end" }}>
        {(["chat", "work", "weight"] as const).map((name) => (
          <NumberInput
            key={name}
            label={t(`admin.${name}`)}
            description={t(`admin.${name}Hint`)}
            min={0}
            max={name === "weight" ? 1000 : 20}
            allowDecimal={false}
            {...form.getInputProps(name)}
          />
        ))}
      </SimpleGrid>
    </>
  );
}
