// An administrator's page of calls by hand: the switch and the guards, the numbers that may be shown, the
// messages that may be left, and the directory of outside numbers.
import {
  ActionIcon,
  Alert,
  Button,
  Card,
  Checkbox,
  Group,
  MultiSelect,
  NumberInput,
  SimpleGrid,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
  Title,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useChoices } from "@/state/choices";
import {
  type OutboundRules,
  type OutboundRulesBody,
  putOutboundRules,
  readOutboundRules,
} from "@/wire/outbound";
import { ApiError } from "@/wire/rest";
import { Directory } from "./directory";
import { TrunkLinesCard } from "./trunk_lines";

const ROLES = ["agent", "supervisor", "administrator"] as const;
const BOUNDS = {
  at_once_max: [1, 1000],
  hour_max: [1, 50_000],
  agent_hour_max: [1, 1000],
  minutes_max: [1, 600],
  ring_seconds: [10, 120],
} as const;
const FIGURES = Object.keys(BOUNDS) as (keyof typeof BOUNDS)[];
let keys = 0;
const keyed = <T extends object>(one: T) => {
  keys += 1;
  return { ...one, key: `k${keys}` };
};
const bare = <T extends { key: string }>({ key: _, ...rest }: T) => rest;

export function OutboundSettings() {
  const query = useQuery({ queryKey: ["outbound-rules"], queryFn: readOutboundRules });
  return (
    <Stack>
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={6} />}
      {query.data !== undefined && <RulesForm key={query.data.version} rules={query.data} />}
      <TrunkLinesCard />
      <Directory />
    </Stack>
  );
}

function useRulesForm(rules: OutboundRules) {
  return useForm({
    initialValues: {
      ...rules,
      caller_ids: rules.caller_ids.map(keyed),
      messages: rules.messages.map(keyed),
    },
  });
}
type RulesFormState = ReturnType<typeof useRulesForm>;

function RulesForm({ rules }: { rules: OutboundRules }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const form = useRulesForm(rules);
  const submit = form.onSubmit(async ({ possible: _, version, ...values }) => {
    setError(null);
    const body: OutboundRulesBody = {
      ...values,
      version,
      caller_ids: values.caller_ids.map(bare),
      messages: values.messages.map(bare),
    };
    try {
      client.setQueryData(["outbound-rules"], await putOutboundRules(body));
      await client.invalidateQueries({ queryKey: ["dial"] });
      notify({ color: "green", message: t("outbound.saved") });
    } catch (problem) {
      setError(problem);
      if (problem instanceof ApiError) form.setErrors(problem.fields);
    }
  });
  return (
    <Card withBorder>
      <form onSubmit={submit} noValidate data-testid="outbound-rules">
        <Stack>
          <Title order={3} size="h5">
            {t("outbound.title")}
          </Title>
          {!rules.possible && (
            <Alert color="yellow" variant="light">
              {t("outbound.noTrunk")}
            </Alert>
          )}
          <Switch
            label={t("outbound.enabled")}
            description={t("outbound.enabledHint")}
            {...form.getInputProps("enabled", { type: "checkbox" })}
          />
          <Checkbox.Group label={t("outbound.roles")} {...form.getInputProps("roles")}>
            <Group mt="xs">
              {ROLES.map((role) => (
                <Checkbox key={role} value={role} label={t(`outboundRole.${role}`)} />
              ))}
            </Group>
          </Checkbox.Group>
          <TagsInput
            label={t("outbound.countries")}
            description={t("outbound.countriesHint")}
            maxTags={300}
            {...form.getInputProps("countries")}
            onChange={(all) =>
              form.setFieldValue("countries", [...new Set(all.map((one) => one.toUpperCase()))])
            }
          />
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
            {FIGURES.map((name) => (
              <NumberInput
                key={name}
                label={t(`outboundFigure.${name}`)}
                min={BOUNDS[name][0]}
                max={BOUNDS[name][1]}
                {...form.getInputProps(name)}
              />
            ))}
          </SimpleGrid>
          <CallerIds form={form} />
          <Messages form={form} />
          {error !== null && <Failure error={error} />}
          <Button type="submit" loading={form.submitting} style={{ alignSelf: "flex-start" }}>
            {t("action.save")}
          </Button>
        </Stack>
      </form>
    </Card>
  );
}

function CallerIds({ form }: { form: RulesFormState }) {
  const { t } = useTranslation();
  const { queues } = useChoices();
  return (
    <Stack gap="xs">
      <Heading title={t("outbound.callerIds")} hint={t("outbound.callerIdsHint")} />
      {form.values.caller_ids.map((one, place) => (
        <Group key={one.key} align="flex-start" wrap="wrap">
          <TextInput
            w={180}
            type="tel"
            aria-label={t("outbound.callerNumber")}
            placeholder={t("outbound.callerNumber")}
            maxLength={40}
            {...form.getInputProps(`caller_ids.${place}.number`)}
          />
          <TextInput
            w={160}
            aria-label={t("outbound.name")}
            placeholder={t("outbound.name")}
            maxLength={80}
            {...form.getInputProps(`caller_ids.${place}.name`)}
          />
          <MultiSelect
            flex="1 1 200px"
            aria-label={t("outbound.callerRoles")}
            placeholder={one.roles.length === 0 ? t("outbound.everyRole") : ""}
            data={ROLES.map((value) => ({ value, label: t(`outboundRole.${value}`) }))}
            {...form.getInputProps(`caller_ids.${place}.roles`)}
          />
          <MultiSelect
            flex="1 1 200px"
            aria-label={t("outbound.callerQueues")}
            placeholder={one.queues.length === 0 ? t("outbound.everyQueue") : ""}
            data={queues.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps(`caller_ids.${place}.queues`)}
          />
          <Remove onClick={() => form.removeListItem("caller_ids", place)} />
        </Group>
      ))}
      <Add
        onClick={() =>
          form.insertListItem("caller_ids", keyed({ number: "", name: "", roles: [], queues: [] }))
        }
      />
    </Stack>
  );
}

function Messages({ form }: { form: RulesFormState }) {
  const { t } = useTranslation();
  return (
    <Stack gap="xs">
      <Heading title={t("outbound.messages")} hint={t("outbound.messagesHint")} />
      {form.values.messages.map((one, place) => (
        <Group key={one.key} align="flex-start" wrap="wrap">
          <TextInput
            flex="1 1 160px"
            aria-label={t("outbound.prompt")}
            placeholder={t("outbound.prompt")}
            maxLength={64}
            {...form.getInputProps(`messages.${place}.prompt`)}
          />
          <TextInput
            flex="1 1 160px"
            aria-label={t("outbound.name")}
            placeholder={t("outbound.name")}
            maxLength={80}
            {...form.getInputProps(`messages.${place}.name`)}
          />
          <TextInput
            flex="1 1 160px"
            aria-label={t("outbound.nameZh")}
            placeholder={t("outbound.nameZh")}
            maxLength={80}
            {...form.getInputProps(`messages.${place}.name_zh`)}
          />
          <Remove onClick={() => form.removeListItem("messages", place)} />
        </Group>
      ))}
      <Add
        onClick={() =>
          form.insertListItem("messages", keyed({ prompt: "", name: "", name_zh: "" }))
        }
      />
    </Stack>
  );
}

function Heading({ title, hint }: { title: string; hint: string }) {
  return (
    <div>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      <Text size="xs" c="dimmed">
        {hint}
      </Text>
    </div>
  );
}

function Add({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <Button
      variant="default"
      size="compact-sm"
      style={{ alignSelf: "flex-start" }}
      leftSection={<IconPlus size={14} />}
      onClick={onClick}
    >
      {t("outbound.add")}
    </Button>
  );
}

function Remove({ onClick }: { onClick: () => void }) {
  const { t } = useTranslation();
  return (
    <ActionIcon
      variant="subtle"
      color="red"
      size="lg"
      aria-label={t("outbound.remove")}
      onClick={onClick}
    >
      <IconTrash size={16} />
    </ActionIcon>
  );
}
