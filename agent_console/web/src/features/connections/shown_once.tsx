// A secret that is shown this once: with a button to copy it, and a box to tick before it goes.
import {
  Alert,
  Button,
  Checkbox,
  Code,
  CopyButton,
  Group,
  Modal,
  Stack,
  Text,
} from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  title: string;
  hint: string;
  secret: string;
  onClose(): void;
}

export function ShownOnce({ title, hint, secret, onClose }: Props) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  return (
    <Modal
      opened
      onClose={onClose}
      title={<Text fw={650}>{title}</Text>}
      closeOnEscape={false}
      closeOnClickOutside={false}
      withCloseButton={false}
      size="lg"
    >
      <Stack>
        <Alert color="yellow" variant="light" title={t("secret.once")}>
          {hint}
        </Alert>
        <Code block data-testid="secret" style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>
          {secret}
        </Code>
        <Group justify="space-between">
          <CopyButton value={secret}>
            {({ copied, copy }) => (
              <Button
                variant="default"
                leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
                onClick={copy}
              >
                {t(copied ? "secret.copied" : "secret.copy")}
              </Button>
            )}
          </CopyButton>
          <Checkbox
            label={t("secret.kept")}
            checked={kept}
            onChange={(event) => setKept(event.currentTarget.checked)}
          />
          <Button disabled={!kept} onClick={onClose}>
            {t("action.close")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
