// Signing in. A wrong password says so and keeps the name; too many tries say how long to wait. Who has a
// second factor is asked for its code in a second step; where there is single sign-on, its button is first.
import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconLogin2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import i18next from "i18next";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { CodeInput } from "@/components/sign_in/code_input";
import { ApiError, type Session, signIn } from "@/wire/rest";
import { readSso, startSso } from "@/wire/sign_in";
import { EntryFrame } from "./entry_frame";

interface Props {
  /** Why single sign-on sent somebody back here, if it did. */
  sso: string | null;
  onSignedIn: (session: Session) => void;
}

interface Typed {
  login: string;
  password: string;
}

export function LoginPage({ sso, onSignedIn }: Props) {
  const { t } = useTranslation();
  const offered = useQuery({ queryKey: ["sso"], queryFn: readSso }).data;
  const [typed, setTyped] = useState<Typed | null>(null);
  if (typed !== null) {
    return <CodeStep typed={typed} onSignedIn={onSignedIn} onBack={() => setTyped(null)} />;
  }
  return (
    <EntryFrame title={t("login.title")}>
      <Stack>
        {sso !== null && <SsoTrouble code={sso} />}
        {offered?.name != null && <SsoButton name={offered.name} />}
        {offered?.only && (
          <Text size="sm" c="dimmed">
            {t("single.only")}
          </Text>
        )}
        <PasswordStep onSignedIn={onSignedIn} onCodeNeeded={setTyped} />
      </Stack>
    </EntryFrame>
  );
}

function PasswordStep(props: {
  onSignedIn(session: Session): void;
  onCodeNeeded(typed: Typed): void;
}) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { login: "", password: "" },
    validate: {
      login: (login) => (login.trim() === "" ? t("login.loginMissing") : null),
      password: (password) => (password === "" ? t("login.passwordMissing") : null),
    },
  });
  const submit = async ({ login, password }: Typed) => {
    setError(null);
    try {
      props.onSignedIn(await signIn(login.trim(), password));
    } catch (problem) {
      if (problem instanceof ApiError && problem.code === "code_needed") {
        props.onCodeNeeded({ login: login.trim(), password });
        return;
      }
      setError(problem);
      form.setFieldValue("password", "");
    }
  };
  return (
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
  );
}

function CodeStep(props: { typed: Typed; onSignedIn(session: Session): void; onBack(): void }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({
    initialValues: { code: "" },
    validate: { code: (code) => (code.trim() === "" ? t("code.missing") : null) },
  });
  const submit = async ({ code }: { code: string }) => {
    setError(null);
    try {
      props.onSignedIn(await signIn(props.typed.login, props.typed.password, code));
    } catch (problem) {
      setError(problem);
      form.setFieldValue("code", "");
    }
  };
  return (
    <EntryFrame title={t("code.title")} hint={t("code.hint")}>
      <form onSubmit={form.onSubmit(submit)} noValidate>
        <Stack>
          <CodeInput description={t("code.recovery")} autoFocus {...form.getInputProps("code")} />
          {error !== null && <Failure error={error} />}
          <Button type="submit" fullWidth loading={form.submitting}>
            {t("login.submit")}
          </Button>
          <Button variant="subtle" onClick={props.onBack}>
            {t("action.back")}
          </Button>
        </Stack>
      </form>
    </EntryFrame>
  );
}

function SsoButton({ name }: { name: string }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const [leaving, setLeaving] = useState(false);
  const go = async () => {
    setError(null);
    setLeaving(true);
    try {
      const { address } = await startSso();
      if (address !== null) window.location.assign(address);
    } catch (problem) {
      setError(problem);
      setLeaving(false);
    }
  };
  return (
    <>
      <Button
        variant="outline"
        fullWidth
        loading={leaving}
        leftSection={<IconLogin2 size={18} />}
        onClick={() => void go()}
      >
        {t("single.button", { name })}
      </Button>
      {error !== null && <Failure error={error} />}
      <Divider label={t("single.or")} />
    </>
  );
}

/** Only words of ours are shown: what stands in the address may be anybody's. */
function SsoTrouble({ code }: { code: string }) {
  const { t } = useTranslation();
  const known = `ssoTrouble.${code}`;
  const text = i18next.exists(known) ? t(known as "ssoTrouble.unknown") : t("ssoTrouble.off");
  return (
    <Alert color="red" title={t("single.failed")} role="alert">
      {text}
    </Alert>
  );
}
