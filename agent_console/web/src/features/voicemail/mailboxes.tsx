// Who is told by e-mail of new messages, and how long messages are kept: one form a mailbox.
import {
  Accordion,
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import {
  listMailboxes,
  type MailboxBody,
  type MailboxRead,
  putMailbox,
  testMailbox,
} from "@/wire/sound";

const KEEP_DAYS_MAX = 3650;

export function Mailboxes({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQuery({ queryKey: ["mailboxes"], queryFn: listMailboxes, staleTime: 0 });
  const kindName = (one: MailboxRead) =>
    one.box_kind === "general"
      ? t("mailbox.general")
      : `${t(`mailboxKind.${one.box_kind}`)}: ${one.name}`;
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t("mailbox.title")}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {query.isError && <Failure error={query.error} retry={() => void query.refetch()} />}
      {query.isPending && <Rows count={4} />}
      {query.data && !query.data.mail_server && (
        <Alert color="orange" mb="sm">
          {t("mailbox.noServer")}
        </Alert>
      )}
      {query.data && (
        <Accordion>
          {query.data.items.map((one) => (
            <Accordion.Item key={`${one.box_kind} ${one.box}`} value={`${one.box_kind} ${one.box}`}>
              <Accordion.Control>
                <Text size="sm">{kindName(one)}</Text>
                <Text size="xs" c="dimmed">
                  {one.notify ? one.email : t("mailbox.noNotice")}
                </Text>
              </Accordion.Control>
              <Accordion.Panel>
                <MailboxForm key={one.version} mailbox={one} canSend={query.data.mail_server} />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </Modal>
  );
}

function MailboxForm({ mailbox, canSend }: { mailbox: MailboxRead; canSend: boolean }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState<MailboxBody>({
    email: mailbox.email,
    notify: mailbox.notify,
    attach: mailbox.attach,
    language: mailbox.language === "zh" ? "zh" : "en",
    keep_days: mailbox.keep_days,
    version: mailbox.version,
  });
  const [error, setError] = useState<unknown>(null);
  const [sent, setSent] = useState(false);
  const set = (some: Partial<MailboxBody>) => setValues((now) => ({ ...now, ...some }));
  const path = { kind: mailbox.box_kind, box: mailbox.box };
  const run = async (work: () => Promise<unknown>) => {
    setError(null);
    setSent(false);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      await client.invalidateQueries({ queryKey: ["mailboxes"] });
    }
  };
  return (
    <Stack gap="sm">
      <TextInput
        type="email"
        label={t("mailbox.email")}
        maxLength={254}
        value={values.email}
        onChange={(event) => set({ email: event.currentTarget.value.trim() })}
      />
      <Checkbox
        label={t("mailbox.notify")}
        checked={values.notify}
        onChange={(event) => set({ notify: event.currentTarget.checked })}
      />
      <Checkbox
        label={t("mailbox.attach")}
        description={t("mailbox.attachHint")}
        checked={values.attach}
        onChange={(event) => set({ attach: event.currentTarget.checked })}
      />
      <Group grow align="flex-start">
        <Select
          label={t("mailbox.language")}
          data={[
            { value: "en", label: t("language.en") },
            { value: "zh", label: t("language.zh") },
          ]}
          value={values.language}
          allowDeselect={false}
          onChange={(language) => set({ language: language === "zh" ? "zh" : "en" })}
        />
        <NumberInput
          label={t("mailbox.keepDays")}
          description={t("mailbox.keepDaysHint")}
          min={0}
          max={KEEP_DAYS_MAX}
          allowDecimal={false}
          value={values.keep_days}
          onChange={(days) => set({ keep_days: Number(days) || 0 })}
        />
      </Group>
      {mailbox.trouble && (
        <Alert color="red">{t("mailbox.trouble", { trouble: mailbox.trouble })}</Alert>
      )}
      {mailbox.waiting > 0 && (
        <Text size="sm">{t("mailbox.waiting", { count: mailbox.waiting })}</Text>
      )}
      {error !== null && <Failure error={error} />}
      {sent && <Alert color="green">{t("mailbox.testSent")}</Alert>}
      <Group justify="flex-end">
        <Button
          variant="default"
          disabled={!canSend || mailbox.email === ""}
          onClick={() => void run(() => testMailbox(path)).then(() => setSent(true))}
        >
          {t("mailbox.test")}
        </Button>
        <Button onClick={() => void run(() => putMailbox(path, values))}>{t("action.save")}</Button>
      </Group>
    </Stack>
  );
}
