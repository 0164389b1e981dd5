// Signing in. A wrong password says so and keeps the name; too many tries say how long to wait.
import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { type Session, signIn } from "@/wire/rest";
import { EntryFrame } from "./entry_frame";

export function LoginPage({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { login: "", password: "" },
    validate: {
      login: (login) => (login.trim() === "" ? t("login.loginMissing") : null),
      password: (password) => (password === "" ? t("login.passwordMissing") : null),
    },
  });
  const submit = async ({ login, password }: { login: string; password: string }) => {
    setError(null);
    try {
      onSignedIn(await signIn(login.trim(), password));
    } catch (problem) {
      setError(problem);
      form.setFieldValue("password", "");
    }
  };
  return (
    <EntryFrame title={t("login.title")}>
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack>
          <TextInput
            label={t("login.login")}
            autoComplete="username"
            autoFocus
            maxLength={100}
            {...form.getInputProps("login")}
          />
          <PasswordInput
            label={t("login.password")}
            autoComplete="current-password"
            maxLength={1024}
            visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
            {...form.getInputProps("password")}
          />
          {error !== null && <Failure error={error} />}
          <Button type="submit" fullWidth loading={form.submitting}>
            {t("login.submit")}
          </Button>
        </Stack>
      </form>
    </EntryFrame>
  );
}
