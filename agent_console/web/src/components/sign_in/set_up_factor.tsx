// Setting up the second factor: the password again, the picture for the device, its first code, and then the
// recovery codes, shown once.
import { Alert, Button, Code, Group, Image, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconDeviceMobile } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { beginFactor, confirmFactor, type NewFactor } from "@/wire/sign_in";
import { CodeInput } from "./code_input";
import { RecoveryCodes } from "./recovery_codes";

export function SetUpFactor({ onDone }: { onDone(): void }) {
  const [made, setMade] = useState<NewFactor | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (codes !== null) return <RecoveryCodes codes={codes} onKept={onDone} />;
  if (made === null) return <PasswordStep onMade={setMade} />;
  return <DeviceStep made={made} onCodes={setCodes} />;
}

function PasswordStep({ onMade }: { onMade(made: NewFactor): void }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { password: "" } });
  const submit = form.onSubmit(async ({ password }) => {
    setError(null);
    try {
      onMade(await beginFactor(password));
    } catch (problem) {
      setError(problem);
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm">{t("factor.what")}</Text>
        <PasswordInput
          label={t("login.password")}
          autoComplete="current-password"
          maxLength={1024}
          data-autofocus
          visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
          {...form.getInputProps("password")}
        />
        {error !== null && <Failure error={error} />}
        <Button
          type="submit"
          leftSection={<IconDeviceMobile size={16} />}
          loading={form.submitting}
          disabled={form.values.password === ""}
        >
          {t("factor.begin")}
        </Button>
      </Stack>
    </form>
  );
}

function DeviceStep({ made, onCodes }: { made: NewFactor; onCodes(codes: string[]): void }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { code: "" } });
  const submit = form.onSubmit(async ({ code }) => {
    setError(null);
    try {
      onCodes((await confirmFactor(code)).codes);
    } catch (problem) {
      setError(problem);
    }
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <Text size="sm">{t("factor.scan")}</Text>
        <Group justify="center">
          <Image src={made.picture} w={220} h={220} alt={t("factor.picture")} radius="md" />
        </Group>
        <div>
          <Text size="sm" c="dimmed">
            {t("factor.byHand")}
          </Text>
          <Code data-testid="factor-secret" style={{ overflowWrap: "anywhere" }}>
            {made.secret.match(/.{1,4}/g)?.join(" ")}
          </Code>
        </div>
        <CodeInput
          description={t("factor.codeHint")}
          autoFocus
          inputMode="numeric"
          {...form.getInputProps("code")}
        />
        {error !== null && <Failure error={error} />}
        <Alert color="blue" variant="light">
          {t("factor.othersEnd")}
        </Alert>
        <Button type="submit" loading={form.submitting} disabled={form.values.code.trim() === ""}>
          {t("factor.confirm")}
        </Button>
      </Stack>
    </form>
  );
}
