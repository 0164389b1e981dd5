// One person: sign-in, role, and, for those who take calls, team and queues.
import { Button, Checkbox, Group, MultiSelect, Select, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import type { Role } from "@/wire/messages";
import { type AgentEntry, ApiError, type Person, type QueueEntry } from "@/wire/rest";
import { idFrom, type PersonEdit } from "./directory";
import { SkillsEditor } from "./skills_editor";

interface Props {
  person: Person | null;
  agents: AgentEntry[];
  queues: QueueEntry[];
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
}

const ROLES: Role[] = ["agent", "supervisor", "administrator"];

export function PersonForm({ person, agents, queues, onSave }: Props) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const agent = agents.find(({ id }) => id === person?.agent);
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
    },
    validate: {
      login: (login, all) => {
        if (login.trim() === "") return t("login.loginMissing");
        return all.takesCalls && idFrom(login) === "" ? t("admin.loginForAgent") : null;
      },
      name: (name) => (name.trim() === "" ? t("firstRun.nameMissing") : null),
    },
  });
  const submit = async ({ takesCalls, team, queues: wanted, skills, ...user }: Values) => {
    setError(null);
    const id = takesCalls ? (person?.agent ?? idFrom(user.login)) : null;
    try {
      await onSave({
        id: person?.id ?? null,
        user: { ...user, name: user.name.trim(), agent: id },
        team,
        skills,
        queues: wanted,
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
            <TextInput label={t("admin.team")} maxLength={64} {...form.getInputProps("team")} />
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
