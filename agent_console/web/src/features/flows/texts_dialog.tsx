// Text messages that flows send: the webhook they go out by, its signing secret (shown once), a test, and
// what became of each message.
import {
  Alert,
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  NumberInput,
  Stack,
  Switch,
  Tabs,
  Text,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import {
  ApiError,
  type GatewayRead,
  putGateway,
  readGateway,
  replaceTextSecret,
  type TextRead,
  testGateway,
} from "@/wire/texts";
import { COLOURS, EXAMPLE_URL } from "./texts_looks";
import { Messages } from "./texts_messages";

export function TextsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslation();
  const gateway = useQuery({ queryKey: ["texts", "gateway"], queryFn: readGateway, staleTime: 0 });
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={<Text fw={650}>{t("texts.title")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {gateway.isError && <Failure error={gateway.error} retry={() => void gateway.refetch()} />}
      {gateway.isPending && <Rows count={4} />}
      {gateway.data && (
        <Tabs defaultValue="gateway">
          <Tabs.List mb="md">
            <Tabs.Tab value="gateway">{t("texts.gateway")}</Tabs.Tab>
            <Tabs.Tab value="messages">
              {gateway.data.waiting > 0
                ? t("texts.messagesWaiting", { count: gateway.data.waiting })
                : t("texts.messages")}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="gateway">
            <Gateway key={gateway.data.version} gateway={gateway.data} />
          </Tabs.Panel>
          <Tabs.Panel value="messages">
            <Messages />
          </Tabs.Panel>
        </Tabs>
      )}
    </Modal>
  );
}

function Gateway({ gateway }: { gateway: GatewayRead }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [values, setValues] = useState(gateway);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [secret, setSecret] = useState("");
  const set = (some: Partial<GatewayRead>) => setValues((now) => ({ ...now, ...some }));
  const flaws = error instanceof ApiError ? error.fields : {};
  const run = async (work: () => Promise<unknown>) => {
    setError(null);
    setBusy(true);
    try {
      await work();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const save = () =>
    run(async () => {
      const { has_secret: _has, hosts: _hosts, waiting: _waiting, ...body } = values;
      client.setQueryData(["texts", "gateway"], await putGateway(body));
    });
  const renew = () =>
    run(async () => {
      setSecret((await replaceTextSecret()).secret);
      const read = await readGateway();
      set({ has_secret: true, version: read.version });
    });
  const changed =
    values.url !== gateway.url ||
    values.enabled !== gateway.enabled ||
    values.timeout_seconds !== gateway.timeout_seconds ||
    values.keep_hours !== gateway.keep_hours;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        <TextInput
          type="url"
          label={t("texts.url")}
          description={
            gateway.hosts.length > 0
              ? t("texts.urlHint", { hosts: gateway.hosts.join(", ") })
              : t("texts.noHosts")
          }
          placeholder={EXAMPLE_URL}
          maxLength={500}
          value={values.url}
          error={flaws.url}
          onChange={({ currentTarget }) => set({ url: currentTarget.value })}
        />
        <Group grow align="flex-start">
          <NumberInput
            label={t("texts.timeout")}
            description={t("texts.timeoutHint")}
            min={1}
            max={10}
            value={values.timeout_seconds}
            onChange={(seconds) => set({ timeout_seconds: Number(seconds) || 5 })}
          />
          <NumberInput
            label={t("texts.keep")}
            description={t("texts.keepHint")}
            min={1}
            max={72}
            allowDecimal={false}
            value={values.keep_hours}
            onChange={(hours) => set({ keep_hours: Number(hours) || 24 })}
          />
        </Group>
        <Group justify="space-between">
          <Text size="sm">{t(values.has_secret ? "texts.hasSecret" : "texts.noSecret")}</Text>
          <Button variant="default" size="xs" disabled={busy} onClick={() => void renew()}>
            {t(values.has_secret ? "texts.newSecret" : "texts.makeSecret")}
          </Button>
        </Group>
        {secret !== "" && (
          <Alert color="blue" title={t("texts.secretOnce")}>
            <Group wrap="nowrap">
              <Code style={{ overflowWrap: "anywhere" }}>{secret}</Code>
              <CopyButton value={secret}>
                {({ copied, copy }) => (
                  <Button size="compact-xs" variant="default" onClick={copy}>
                    {t(copied ? "texts.copied" : "texts.copy")}
                  </Button>
                )}
              </CopyButton>
            </Group>
          </Alert>
        )}
        <Switch
          label={t("texts.enabled")}
          description={t("texts.enabledHint")}
          checked={values.enabled}
          error={flaws.enabled}
          onChange={({ currentTarget }) => set({ enabled: currentTarget.checked })}
        />
        {error !== null && <Failure error={error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={!changed}>
            {t("action.save")}
          </Button>
        </Group>
        {gateway.enabled && <Trial />}
      </Stack>
    </form>
  );
}

function Trial() {
  const { t, i18n } = useTranslation();
  const client = useQueryClient();
  const [to, setTo] = useState("");
  const [done, setDone] = useState<TextRead | null>(null);
  const [error, setError] = useState<unknown>(null);
  const good = /^\+?[0-9]{3,20}$/.test(to);
  const send = async () => {
    setError(null);
    setDone(null);
    try {
      const language = i18n.language.startsWith("zh") ? "zh" : "en";
      setDone(await testGateway({ to, text: t("texts.testWords"), language }));
    } catch (problem) {
      setError(problem);
    }
    await client.invalidateQueries({ queryKey: ["texts", "messages"] });
  };
  return (
    <Stack gap="xs">
      <Group align="flex-end">
        <TextInput
          type="tel"
          label={t("texts.testTo")}
          maxLength={21}
          value={to}
          onChange={({ currentTarget }) => setTo(currentTarget.value.replace(/[^+0-9]/g, ""))}
        />
        <Button variant="default" disabled={!good} onClick={() => void send()}>
          {t("texts.test")}
        </Button>
      </Group>
      {done !== null && (
        <Alert color={COLOURS[done.state]} role="status">
          {t(`textState.${done.state}`)} {done.trouble}
        </Alert>
      )}
      {error !== null && <Failure error={error} />}
    </Stack>
  );
}
