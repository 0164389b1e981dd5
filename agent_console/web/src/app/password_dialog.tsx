// Changing one's own password.

import { Button, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { notify } from "@/components/notices";
import { changePassword } from "@/wire/rest";

export function PasswordDialog({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onDone}
      title={<Text fw={650}>{t("account.password")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <PasswordForm onDone={onDone} />
    </Modal>
  );
}

function PasswordForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: { old: "", fresh: "" } });
  const submit = async ({ old, fresh }: { old: string; fresh: string }) => {
    setError(null);
    try {
      await changePassword(old, fresh);
      notify({ color: "green", message: t("account.passwordChanged") });
      onDone();
    } catch (problem) {
      setError(problem);
    }
  };
  const eye = { visibilityToggleButtonProps: { "aria-label": t("account.showPassword") } };
  return (
    <form onSubmit={form.onSubmit(submit)}>
      <Stack>
        <PasswordInput
          label={t("account.oldPassword")}
          autoComplete="current-password"
          required
          {...eye}
          {...form.getInputProps("old")}
        />
        <PasswordInput
          label={t("account.newPassword")}
          description={t("account.passwordHint")}
          autoComplete="new-password"
          required
          {...eye}
          {...form.getInputProps("fresh")}
        />
        {error !== null && <Failure error={error} />}
        <Button type="submit" loading={form.submitting}>
          {t("action.save")}
        </Button>
      </Stack>
    </form>
  );
}
