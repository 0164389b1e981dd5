// "Call me from the browser": the draft on the real telephone system, heard in this page.
import { Alert, Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconPhoneCall, IconPhoneOff } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { startTrial } from "@/wire/flows";
import type { TrialPhase, TrialPhone } from "@/wire/phone/trial_phone";
import { flowNow } from "./model/editor";
import { writeFlow } from "./model/flow";

const KEYS = [..."123456789*0#"];
const COLORS = { ringing: "yellow", up: "blue", over: "gray", failed: "red" } as const;
const socketUrl = () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/sip`;

export function TrialCall({ name, caller }: { name: string; caller: string }) {
  const { t } = useTranslation();
  const phone = useRef<TrialPhone | null>(null);
  const [phase, setPhase] = useState<TrialPhase | null>(null);
  const [reason, setReason] = useState("");
  const [error, setError] = useState<unknown>(null);
  useEffect(() => () => phone.current?.hangUp(), []);
  const call = async () => {
    setError(null);
    setReason("");
    try {
      const sent = await navigator.mediaDevices.getUserMedia({ audio: true });
      const access = await startTrial(name, writeFlow(flowNow()), caller);
      const { TrialPhone: Phone } = await import("@/wire/phone/trial_phone");
      phone.current = new Phone(socketUrl(), (now, why) => {
        setPhase(now);
        setReason(why);
      });
      phone.current.call(access, sent);
    } catch (problem) {
      if (problem instanceof DOMException) {
        setPhase("failed");
        setReason(problem.message);
      } else setError(problem);
    }
  };
  const open = phase === "ringing" || phase === "up";
  const words = {
    ringing: t("flow.trialRinging"),
    up: t("flow.trialUp"),
    over: t("flow.trialOver"),
    failed: t("flow.trialFailed", { reason }),
  };
  return (
    <Stack gap="xs" pt="sm" style={{ borderTop: "1px solid var(--cc-line)" }}>
      <Text size="xs" c="dimmed">
        {t("flow.trialHint")}
      </Text>
      <Group gap="xs">
        <Button
          size="xs"
          variant="light"
          disabled={open}
          leftSection={<IconPhoneCall size={15} />}
          onClick={() => void call()}
        >
          {t("flow.trialCall")}
        </Button>
        {open && (
          <Button
            size="xs"
            color="red"
            leftSection={<IconPhoneOff size={15} />}
            onClick={() => phone.current?.hangUp()}
          >
            {t("flow.trialEnd")}
          </Button>
        )}
      </Group>
      {error !== null && <Failure error={error} />}
      {phase !== null && (
        <Alert color={COLORS[phase]} p="xs" role="status" data-testid="trial" data-phase={phase}>
          {words[phase]}
        </Alert>
      )}
      {phase === "up" && (
        <SimpleGrid cols={3} spacing={6} maw={220}>
          {KEYS.map((key) => (
            <Button
              key={key}
              variant="default"
              className="fd-key"
              aria-label={t("flow.pressKey", { key })}
              onClick={() => phone.current?.press(key)}
            >
              {key}
            </Button>
          ))}
        </SimpleGrid>
      )}
    </Stack>
  );
}
