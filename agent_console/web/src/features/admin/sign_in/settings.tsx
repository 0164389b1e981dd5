// An administrator's page of how people sign in: who needs a second factor, and single sign-on.
import { Alert, Button, Card, Checkbox, Group, Stack, Text, Title } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { ApiError } from "@/wire/rest";
import { putSignInRules, type Role, readSignInRules, type SignInRules } from "@/wire/sign_in";
import { SsoFields } from "./sso_fields";

const QUERY = ["sign-in-rules"];
export const ROLES = ["agent", "supervisor", "administrator"] as const;
let keys = 0;
const keyed = <T extends object>(one: T) => {
  keys += 1;
  return { ...one, key: `k${keys}` };
};

export function SignInSettings() {
  const query = useQuery({ queryKey: QUERY, queryFn: readSignInRules });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={6} />;
  return <RulesForm key={query.data.version} rules={query.data} />;
}

function useRulesForm(rules: SignInRules) {
  return useForm({
    initialValues: {
      factor_roles: rules.factor_roles as string[],
      sso: {
        ...rules.sso,
        role_rules: rules.sso.role_rules.map(keyed),
        role_else: (rules.sso.role_else ?? "") as string,
      },
      secret: "",
      no_secret: false,
    },
  });
}
export type RulesFormState = ReturnType<typeof useRulesForm>;

function RulesForm({ rules }: { rules: SignInRules }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const form = useRulesForm(rules);
  const submit = form.onSubmit(async ({ factor_roles, sso, secret, no_secret }) => {
    setError(null);
    try {
      const kept = await putSignInRules({
        factor_roles: factor_roles as Role[],
        sso: {
          ...sso,
          role_rules: sso.role_rules.map(({ key: _, ...rule }) => rule),
          role_else: sso.role_else === "" ? null : (sso.role_else as Role),
        },
        client_secret: no_secret ? "" : secret === "" ? null : secret,
        version: rules.version,
      });
      client.setQueryData(QUERY, kept);
      await client.invalidateQueries({ queryKey: ["sso"] });
      notify({ color: "green", message: t("signing.saved") });
    } catch (problem) {
      setError(problem);
      if (problem instanceof ApiError) form.setErrors(problem.fields);
    }
  });
  return (
    <form onSubmit={submit} noValidate data-testid="sign-in-rules">
      <Stack>
        <Card withBorder>
          <Title order={3} size="h5" mb="xs">
            {t("factor.title")}
          </Title>
          <Checkbox.Group
            label={t("signing.factorRoles")}
            description={t("signing.factorRolesHint")}
            {...form.getInputProps("factor_roles")}
          >
            <Group mt="xs">
              {ROLES.map((role) => (
                <Checkbox key={role} value={role} label={t(`role.${role}`)} />
              ))}
            </Group>
          </Checkbox.Group>
        </Card>
        <Card withBorder>
          <Title order={3} size="h5" mb="xs">
            {t("single.title")}
          </Title>
          <Text size="sm" c="dimmed" mb="sm">
            {t("single.hint")}
          </Text>
          <SsoFields form={form} rules={rules} />
        </Card>
        {error !== null && <Failure error={error} />}
        {error instanceof ApiError && error.status === 422 && (
          <Alert color="red" variant="light">
            {error.message}
          </Alert>
        )}
        <Button type="submit" loading={form.submitting} style={{ alignSelf: "flex-start" }}>
          {t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}
