// What can happen next in a simulated call: keys and silence at a question, what a look-up finds, time
// and overflow in a queue.
import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Tried, TryStep } from "@/wire/flows";

const KEYS = [..."123456789*0#"];
const WAITS = [10, 60, 300] as const;
const TRANSFERS = ["answered", "busy", "no-answer", "failed"] as const;
const SPOKEN_SECONDS = 5;

interface Props {
  tried: Tried;
  onStep(steps: TryStep[]): void;
}

export function StepKeys({ tried, onStep }: Props) {
  const { t } = useTranslation();
  const waiting = tried.waits_for;
  if (waiting === "nothing") return null;
  const one = (kind: string, value?: unknown) => onStep([{ kind, value }]);
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600} role="status">
        {t(`flowWaits.${waiting}`)}
      </Text>
      {waiting === "press" && <Keypad tried={tried} onStep={onStep} />}
      {waiting === "lookup" && <Found onStep={onStep} />}
      {waiting === "record" && (
        <Group gap={6}>
          <Small onClick={() => one("recorded", SPOKEN_SECONDS)}>
            {t("flow.speaks", { seconds: SPOKEN_SECONDS })}
          </Small>
          <Small onClick={() => one("recorded", 0)}>{t("flow.saysNothing")}</Small>
        </Group>
      )}
      {waiting === "transfer" && (
        <Group gap={6}>
          {TRANSFERS.map((outcome) => (
            <Small key={outcome} onClick={() => one("transfer", outcome)}>
              {t(`flowTransfer.${outcome}`)}
            </Small>
          ))}
        </Group>
      )}
      {waiting === "queue" && (
        <Group gap={6}>
          <Small onClick={() => one("overflow")}>{t("flow.overflow")}</Small>
          <Small onClick={() => one("served")}>{t("flow.served")}</Small>
        </Group>
      )}
      <Group gap={6}>
        {WAITS.map((seconds) => (
          <Small key={seconds} onClick={() => one("wait", seconds)}>
            {t("flow.waits", { seconds })}
          </Small>
        ))}
        <Small onClick={() => one("hangup")}>{t("flow.hangsUp")}</Small>
      </Group>
    </Stack>
  );
}

function Small({ onClick, children }: { onClick(): void; children: React.ReactNode }) {
  return (
    <Button size="compact-xs" variant="default" onClick={onClick}>
      {children}
    </Button>
  );
}

/** One key answers at once where one is asked for; more are gathered until Enter, # or their number. */
function Keypad({ tried, onStep }: Props) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState("");
  const most = Number(tried.turns.at(-1)?.detail.digits_max ?? 1);
  const send = (keys: string) => keys !== "" && onStep([{ kind: "press", value: keys }]);
  const press = (key: string) => {
    const keys = typed + key;
    if (keys.length >= most || key === "#") send(keys);
    else setTyped(keys);
  };
  return (
    <>
      <SimpleGrid cols={3} spacing={6} maw={220}>
        {KEYS.map((key) => (
          <Button
            key={key}
            variant="default"
            className="fd-key"
            aria-label={t("flow.pressKey", { key })}
            onClick={() => press(key)}
          >
            {key}
          </Button>
        ))}
      </SimpleGrid>
      {most > 1 && (
        <Group gap={6} align="flex-end">
          <TextInput
            size="xs"
            label={t("flow.keys")}
            maxLength={40}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value.replace(/[^0-9*#]/g, ""))}
            onKeyDown={(event) => event.key === "Enter" && send(typed)}
          />
          <Button size="xs" disabled={typed === ""} onClick={() => send(typed)}>
            {t("flow.send")}
          </Button>
        </Group>
      )}
      <Group gap={6}>
        <Small onClick={() => onStep([{ kind: "silence" }])}>{t("flow.pressesNothing")}</Small>
      </Group>
    </>
  );
}

const EXAMPLE = '{"name": "Li Wei"}';

function Found({ onStep }: { onStep: Props["onStep"] }) {
  const { t } = useTranslation();
  const [text, setText] = useState(EXAMPLE);
  let values: unknown = null;
  try {
    values = JSON.parse(text);
  } catch {
    values = null;
  }
  const fits = typeof values === "object" && values !== null && !Array.isArray(values);
  return (
    <>
      <Textarea
        size="xs"
        className="fd-code"
        label={t("flow.foundValues")}
        autosize
        minRows={2}
        maxLength={4000}
        value={text}
        error={fits ? undefined : t("flow.noJson")}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Group gap={6}>
        <Button
          size="compact-xs"
          disabled={!fits}
          onClick={() => onStep([{ kind: "found", value: values }])}
        >
          {t("flow.found")}
        </Button>
        <Small onClick={() => onStep([{ kind: "found", value: {} }])}>{t("flow.foundNone")}</Small>
        <Small onClick={() => onStep([{ kind: "error", value: "timeout" }])}>
          {t("flow.foundError")}
        </Small>
      </Group>
    </>
  );
}
