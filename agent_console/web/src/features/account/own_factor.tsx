// The own second factor: off, being set up, or on with its recovery codes.
import { Alert, Badge, Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconShieldCheck } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { CodeInput } from "@/components/sign_in/code_input";
import { RecoveryCodes } from "@/components/sign_in/recovery_codes";
import { SetUpFactor } from "@/components/sign_in/set_up_factor";
import { useLanguage } from "@/state/choices";
import { serverNow } from "@/state/clock";
import { moment } from "@/state/format";
import { moment as momentOf } from "@/wire/record";
import { type Factor, readFactor, renewCodes, switchFactorOff } from "@/wire/sign_in";

const QUERY = ["second-factor"];
const FEW_CODES = 3;
type Deed = "set-up" | "codes" | "off";

export function OwnFactor() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const query = useQuery({ queryKey: QUERY, queryFn: readFactor });
  const [deed, setDeed] = useState<Deed | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={2} />;
  const close = () => {
    setDeed(null);
    setCodes(null);
    void client.invalidateQueries({ queryKey: QUERY });
    void client.invalidateQueries({ queryKey: ["sessions", null] });
  };
  return (
    <>
      <State factor={query.data} onDeed={setDeed} />
      <Dialog
        opened={deed !== null}
        title={deed === null ? "" : t(`factorDeed.${deed}`)}
        onClose={close}
      >
        {deed === "set-up" && <SetUpFactor onDone={close} />}
        {deed === "codes" &&
          (codes === null ? (
            <Proofs
              label={t("factorDeed.codes")}
              act={async (password, code) => setCodes((await renewCodes(password, code)).codes)}
            />
          ) : (
            <RecoveryCodes codes={codes} onKept={close} />
          ))}
        {deed === "off" && (
          <Proofs
            label={t("factorDeed.off")}
            act={async (password, code) => {
              await switchFactorOff(password, code);
              notify({ color: "green", message: t("factor.isOff") });
              close();
            }}
          />
        )}
      </Dialog>
    </>
  );
}

function State({ factor, onDeed }: { factor: Factor; onDeed(deed: Deed): void }) {
  const { t } = useTranslation();
  const language = useLanguage();
  if (!factor.possible) return <Text size="sm">{t("factor.elsewhere")}</Text>;
  if (!factor.on) {
    return (
      <Stack align="flex-start">
        <Text size="sm">{t("factor.what")}</Text>
        {factor.required && <Alert color="yellow">{t("factor.required")}</Alert>}
        <Button leftSection={<IconShieldCheck size={16} />} onClick={() => onDeed("set-up")}>
          {t("factorDeed.set-up")}
        </Button>
      </Stack>
    );
  }
  const since = moment(momentOf(factor.since ?? ""), serverNow(), language);
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Badge color="green" className="cc-badge">
          {t("factor.on")}
        </Badge>
        <Text size="sm">{t("factor.since", { at: since })}</Text>
      </Group>
      <Text size="sm" c={factor.codes_left < FEW_CODES ? "red" : "dimmed"}>
        {t("factor.codesLeft", { count: factor.codes_left })}
      </Text>
      <Group>
        <Button variant="default" onClick={() => onDeed("codes")}>
          {t("factorDeed.codes")}
        </Button>
        {!factor.required && (
          <Button variant="light" color="red" onClick={() => onDeed("off")}>
            {t("factorDeed.off")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function Dialog(props: { opened: boolean; title: string; onClose(): void; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={<Text fw={650}>{props.title}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
      closeOnClickOutside={false}
    >
      {props.children}
    </Modal>
  );
}

function Proofs(props: { label: string; act(password: string, code: string): Promise<void> }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { password: "", code: "" } });
  const submit = form.onSubmit(async ({ password, code }) => {
    setError(null);
    try {
      await props.act(password, code);
    } catch (problem) {
      setError(problem);
    }
  });
  const lacks = form.values.password === "" || form.values.code.trim() === "";
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <PasswordInput
          label={t("login.password")}
          autoComplete="current-password"
          maxLength={1024}
          data-autofocus
          visibilityToggleButtonProps={{ "aria-label": t("account.showPassword") }}
          {...form.getInputProps("password")}
        />
        <CodeInput {...form.getInputProps("code")} />
        {error !== null && <Failure error={error} />}
        <Button type="submit" loading={form.submitting} disabled={lacks}>
          {props.label}
        </Button>
      </Stack>
    </form>
  );
}
