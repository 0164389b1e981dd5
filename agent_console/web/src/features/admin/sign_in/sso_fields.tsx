// The fields of single sign-on: the provider, our name there, and who becomes what here.
import {
  ActionIcon,
  Alert,
  Button,
  Code,
  Group,
  PasswordInput,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import type { Role, SignInRules } from "@/wire/sign_in";
import { tryProvider } from "@/wire/sign_in";
import { ROLES, type RulesFormState } from "./settings";

const SWITCHES = ["create", "link", "only"] as const;

export function SsoFields({ form, rules }: { form: RulesFormState; rules: SignInRules }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Switch label={t("single.on")} {...form.getInputProps("sso.on", { type: "checkbox" })} />
      <div>
        <Text size="sm">{t("single.callback")}</Text>
        <Code style={{ overflowWrap: "anywhere" }}>{rules.callback}</Code>
      </div>
      <Issuer form={form} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label={t("single.clientId")}
          maxLength={200}
          {...form.getInputProps("sso.client_id")}
        />
        <PasswordInput
          label={t("single.clientSecret")}
          description={t(rules.has_secret ? "single.secretKept" : "single.secretNone")}
          autoComplete="off"
          maxLength={500}
          visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
          {...form.getInputProps("secret")}
        />
        <TextInput
          label={t("single.name")}
          description={t("single.nameHint")}
          maxLength={40}
          {...form.getInputProps("sso.name")}
        />
        <TextInput
          label={t("single.scopes")}
          description={t("single.scopesHint")}
          maxLength={200}
          {...form.getInputProps("sso.scopes")}
        />
        <TextInput
          label={t("single.loginClaim")}
          description={t("single.loginClaimHint")}
          maxLength={120}
          {...form.getInputProps("sso.login_claim")}
        />
        <TextInput
          label={t("single.roleClaim")}
          description={t("single.roleClaimHint")}
          maxLength={120}
          {...form.getInputProps("sso.role_claim")}
        />
      </SimpleGrid>
      {rules.has_secret && (
        <Switch
          label={t("single.secretGone")}
          {...form.getInputProps("no_secret", { type: "checkbox" })}
        />
      )}
      <RoleRules form={form} />
      {SWITCHES.map((name) => (
        <Switch
          key={name}
          label={t(`ssoSwitch.${name}`)}
          description={t(`ssoSwitchHint.${name}`)}
          {...form.getInputProps(`sso.${name}`, { type: "checkbox" })}
        />
      ))}
    </Stack>
  );
}

function Issuer({ form }: { form: RulesFormState }) {
  const { t } = useTranslation();
  const [told, setTold] = useState<{ ok: boolean; problem: string } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [asking, setAsking] = useState(false);
  const attempt = async () => {
    setTold(null);
    setError(null);
    setAsking(true);
    try {
      setTold(await tryProvider(form.values.sso.issuer.trim()));
    } catch (problem) {
      setError(problem);
    }
    setAsking(false);
  };
  return (
    <Stack gap="xs">
      <Group align="flex-end" wrap="nowrap">
        <TextInput
          style={{ flex: 1 }}
          label={t("single.issuer")}
          description={t("single.issuerHint")}
          maxLength={300}
          {...form.getInputProps("sso.issuer")}
        />
        <Button
          variant="default"
          loading={asking}
          disabled={form.values.sso.issuer.trim() === ""}
          onClick={() => void attempt()}
        >
          {t("single.try")}
        </Button>
      </Group>
      {told !== null && (
        <Alert color={told.ok ? "green" : "red"} variant="light" role="status">
          {told.ok ? t("single.tryGood") : t("single.tryBad", { problem: told.problem })}
        </Alert>
      )}
      {error !== null && <Failure error={error} />}
    </Stack>
  );
}

function RoleRules({ form }: { form: RulesFormState }) {
  const { t } = useTranslation();
  const roles = ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }));
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        {t("single.roleRules")}
      </Text>
      {form.values.sso.role_rules.map((rule, place) => (
        <Group key={rule.key} wrap="nowrap">
          <TextInput
            style={{ flex: 1 }}
            aria-label={t("single.ruleValue", { place: place + 1 })}
            maxLength={200}
            {...form.getInputProps(`sso.role_rules.${place}.value`)}
          />
          <Select
            aria-label={t("single.ruleRole", { place: place + 1 })}
            data={roles}
            allowDeselect={false}
            {...form.getInputProps(`sso.role_rules.${place}.role`)}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t("single.ruleRemove", { place: place + 1 })}
            onClick={() => form.removeListItem("sso.role_rules", place)}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="xs"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconPlus size={14} />}
        onClick={() =>
          form.insertListItem("sso.role_rules", {
            value: "",
            role: "agent" as Role,
            key: crypto.randomUUID(),
          })
        }
      >
        {t("single.ruleAdd")}
      </Button>
      <Select
        label={t("single.roleElse")}
        data={[{ value: "", label: t("single.nobody") }, ...roles]}
        allowDeselect={false}
        maw={320}
        {...form.getInputProps("sso.role_else")}
      />
    </Stack>
  );
}
