// The public form "call me back": whether there is one, for which queues, and what it says; with the address
// and the piece of HTML that puts it into an own site.
import {
  Alert,
  Button,
  Card,
  Code,
  Group,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure, Rows } from "@/components/feedback";
import { notify } from "@/components/notices";
import { useChoices } from "@/state/choices";
import { useKeptForm } from "@/state/kept_form";
import { type FormRules, putFormRules, readFormRules } from "@/wire/screen_pops";

const QUERY = ["connections", "form"];

export function FormTab() {
  const query = useQuery({ queryKey: QUERY, queryFn: readFormRules });
  if (query.isError) return <Failure error={query.error} retry={() => void query.refetch()} />;
  if (query.data === undefined) return <Rows count={5} />;
  return <Rules key={query.data.version} rules={query.data} />;
}

function Rules({ rules }: { rules: FormRules }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const { queue_names } = useChoices();
  const kept = useKeptForm("callback-form", rules);
  const [draft, setDraft] = useState(kept.first);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const put = (part: Partial<FormRules>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    kept.keep(next);
  };
  const chosen = draft.queues ?? [];
  const choose = (ids: string[]) =>
    put({
      queues: ids.map(
        (queue) => chosen.find((one) => one.queue === queue) ?? { queue, name: "", name_zh: "" },
      ),
    });
  const rename = (queue: string, part: { name?: string; name_zh?: string }) =>
    put({ queues: chosen.map((one) => (one.queue === queue ? { ...one, ...part } : one)) });
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const { dialling: _, ...body } = draft;
      client.setQueryData(QUERY, await putFormRules(body));
      kept.forget();
      notify({ color: "green", message: t("webForm.saved") });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Stack>
      {!rules.dialling && <Alert color="yellow">{t("webForm.noDialling")}</Alert>}
      <Card withBorder>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          <Stack>
            <Switch
              label={t("webForm.enabled")}
              description={t("webForm.enabledHint")}
              checked={draft.enabled ?? false}
              onChange={(event) => put({ enabled: event.currentTarget.checked })}
            />
            <MultiSelect
              label={t("webForm.queues")}
              description={t("webForm.queuesHint")}
              data={Object.entries(queue_names).map(([value, label]) => ({ value, label }))}
              value={chosen.map((one) => one.queue)}
              onChange={choose}
            />
            {chosen.map((one) => (
              <Group key={one.queue} grow>
                <TextInput
                  label={t("webForm.nameOf", { name: queue_names[one.queue] ?? one.queue })}
                  maxLength={80}
                  value={one.name ?? ""}
                  placeholder={queue_names[one.queue] ?? one.queue}
                  onChange={(event) => rename(one.queue, { name: event.currentTarget.value })}
                />
                <TextInput
                  label={t("webForm.nameZhOf", { name: queue_names[one.queue] ?? one.queue })}
                  maxLength={80}
                  lang="zh-CN"
                  value={one.name_zh ?? ""}
                  onChange={(event) => rename(one.queue, { name_zh: event.currentTarget.value })}
                />
              </Group>
            ))}
            <Group grow align="flex-start">
              <Textarea
                label={t("webForm.consent")}
                description={t("webForm.consentHint")}
                autosize
                minRows={2}
                maxLength={1000}
                value={draft.consent ?? ""}
                onChange={(event) => put({ consent: event.currentTarget.value })}
              />
              <Textarea
                label={t("webForm.consentZh")}
                description={t("webForm.consentHint")}
                autosize
                minRows={2}
                maxLength={1000}
                lang="zh-CN"
                value={draft.consent_zh ?? ""}
                onChange={(event) => put({ consent_zh: event.currentTarget.value })}
              />
            </Group>
            <Group align="end">
              <div>
                <Text size="sm" fw={500} id="when-closed">
                  {t("webForm.whenClosed")}
                </Text>
                <SegmentedControl
                  aria-labelledby="when-closed"
                  value={draft.when_closed ?? "accept"}
                  onChange={(value) => put({ when_closed: value as "accept" | "refuse" })}
                  data={[
                    { value: "accept", label: t("webForm.accept") },
                    { value: "refuse", label: t("webForm.refuse") },
                  ]}
                />
              </div>
              <NumberInput
                label={t("webForm.perHour")}
                min={1}
                max={10000}
                allowDecimal={false}
                value={draft.per_hour ?? 60}
                onChange={(value) => put({ per_hour: Number(value) || 1 })}
              />
            </Group>
            {error !== null && <Failure error={error} />}
            <Group justify="flex-end">
              <Button type="submit" loading={busy}>
                {t("action.save")}
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
      <Snippets />
    </Stack>
  );
}

function Snippets() {
  const { t } = useTranslation();
  const home = location.origin;
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Text size="sm">
          {t("webForm.address")}{" "}
          <a href="/callback-form" target="_blank" rel="noopener">
            {`${home}/callback-form`}
          </a>
        </Text>
        <Text size="sm">{t("webForm.snippet")}</Text>
        <Code block>{`<div data-callback-form data-lang="en"></div>
<script src="${home}/embed/callback.js" async></script>`}</Code>
        <Text size="sm">{t("webForm.link")}</Text>
        <Code block>{`<script src="${home}/embed/console-link.js"></script>
<script>
  const calls = CallCentre.connect();
  button.onclick = () => calls.dial("+8613800138000");
  calls.on("call", (call) => console.log(call.stage, call.number));
</script>`}</Code>
        <Text size="sm" c="dimmed">
          {t("webForm.origins")}
        </Text>
      </Stack>
    </Card>
  );
}
