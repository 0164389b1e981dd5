// The very first sign-in: the one-time link makes the first administrator. The token is in the address's
// fragment, which browsers do not send to servers.
import { Alert, Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { ApiError, finishFirstRun, type Session } from "@/wire/rest";
import { EntryFrame } from "./entry_frame";

const PASSWORD_MIN = 12;

interface Props {
  token: string;
  onSignedIn: (session: Session) => void;
}

export function FirstRunPage({ token, onSignedIn }: Props) {
  const { t } = useTranslation();
  const language = useLanguage();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { token, login: "admin", name: "", password: "", again: "" },
    validate: {
      token: (value) => (value.trim() === "" ? t("firstRun.tokenMissing") : null),
      login: (value) => (/^[a-z0-9._-]{1,64}$/i.test(value) ? null : t("firstRun.loginWrong")),
      name: (value) => (value.trim() === "" ? t("firstRun.nameMissing") : null),
      password: (value) => (value.length < PASSWORD_MIN ? t("firstRun.passwordShort") : null),
      again: (value, all) => (value === all.password ? null : t("firstRun.passwordsDiffer")),
    },
  });
  const submit = async ({ again: _, ...body }: typeof form.values) => {
    setError(null);
    try {
      onSignedIn(await finishFirstRun({ ...body, locale: language }));
    } catch (problem) {
      if (problem instanceof ApiError) form.setErrors(problem.fields);
      setError(problem);
    }
  };
  return (
    <EntryFrame title={t("firstRun.title")} hint={t("firstRun.hint")}>
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack>
          {token === "" && (
            <>
              <Alert icon={<IconKey />} color="blue">
                <Text size="sm">{t("firstRun.tokenHint")}</Text>
              </Alert>
              <TextInput
                label={t("firstRun.token")}
                autoComplete="off"
                {...form.getInputProps("token")}
              />
            </>
          )}
          <TextInput
            label={t("login.login")}
            autoComplete="username"
            maxLength={64}
            {...form.getInputProps("login")}
          />
          <TextInput
            label={t("firstRun.name")}
            autoComplete="name"
            autoFocus
            maxLength={120}
            {...form.getInputProps("name")}
          />
          <PasswordInput
            label={t("login.password")}
            description={t("account.passwordHint")}
            autoComplete="new-password"
            maxLength={1024}
            visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
            {...form.getInputProps("password")}
          />
          <PasswordInput
            label={t("firstRun.again")}
            autoComplete="new-password"
            maxLength={1024}
            visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
            {...form.getInputProps("again")}
          />
          {error !== null && <Failure error={error} />}
          <Button type="submit" fullWidth loading={form.submitting}>
            {t("firstRun.submit")}
          </Button>
        </Stack>
      </form>
    </EntryFrame>
  );
}
