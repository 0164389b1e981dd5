// One field for a code: of the device or a recovery code, whatever people type between its signs.
import { TextInput, type TextInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function CodeInput(props: TextInputProps) {
  const { t } = useTranslation();
  return (
    <TextInput
      label={t("code.label")}
      autoComplete="one-time-code"
      spellCheck={false}
      maxLength={64}
      {...props}
    />
  );
}
