// A made-up call through what is drawn: choose who calls and when, press keys, wait, hang up, step back.
// The server plays all steps anew each time; the way is lit on the canvas.
import { Alert, Button, Group, Stack, Switch, TextInput } from "@mantine/core";
import { IconArrowBackUp, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Failure } from "@/components/feedback";
import { useLanguage } from "@/state/choices";
import { type Tried, type TryStep, tryFlow } from "@/wire/flows";
import { flowNow, useEditor, useFlow } from "./model/editor";
import { writeFlow } from "./model/flow";
import { sentence } from "./model/sentence";
import { litBy } from "./model/simulation";
import { momentAt, wallTime } from "./model/wall_clock";
import { SaveTest } from "./save_test";
import { StepKeys } from "./step_keys";
import { Transcript } from "./transcript";
import { TrialCall } from "./trial_call";

export interface CallSetting {
  caller: string;
  called: string;
  clock: string;
  emergency: boolean;
}

export function Simulator({ name, shown }: { name: string; shown: boolean }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const flow = useFlow();
  const [call, setCall] = useState<CallSetting>(() => ({
    caller: "+8613800138000",
    called: "",
    clock: wallTime(Date.now(), flowNow().timezone),
    emergency: false,
  }));
  const [steps, setSteps] = useState<TryStep[] | null>(null);
  const [tried, setTried] = useState<Tried | null>(null);
  const [error, setError] = useState<unknown>(null);

  const play = useCallback(
    async (all: TryStep[]) => {
      setError(null);
      try {
        const now = flowNow();
        const answer = await tryFlow({
          flow: writeFlow(now),
          caller: call.caller,
          called: call.called,
          clock: momentAt(call.clock, now.timezone),
          emergency: call.emergency,
          steps: all,
        });
        setSteps(all);
        setTried(answer);
      } catch (problem) {
        setError(problem);
      }
    },
    [call],
  );
  useEffect(() => {
    useEditor.setState({ lit: shown && tried !== null ? litBy(tried) : null });
  }, [shown, tried]);
  useEffect(() => () => useEditor.setState({ lit: null }), []);
  const stop = () => {
    setSteps(null);
    setTried(null);
  };
  const set = (change: Partial<CallSetting>) => setCall({ ...call, ...change });
  const running = steps !== null && tried !== null;
  return (
    <Stack p="sm" gap="sm" data-testid="simulator">
      <Group grow gap="xs">
        <TextInput
          size="xs"
          label={t("flow.caller")}
          maxLength={40}
          value={call.caller}
          onChange={(event) => set({ caller: event.currentTarget.value })}
        />
        <TextInput
          size="xs"
          label={t("flow.called")}
          maxLength={40}
          value={call.called}
          onChange={(event) => set({ called: event.currentTarget.value })}
        />
      </Group>
      <TextInput
        size="xs"
        type="datetime-local"
        label={t("flow.clock", { zone: flow.timezone })}
        value={call.clock}
        onChange={(event) => set({ clock: event.currentTarget.value })}
      />
      <Switch
        size="xs"
        label={t("flow.emergency")}
        checked={call.emergency}
        onChange={(event) => set({ emergency: event.currentTarget.checked })}
      />
      <Group gap="xs">
        <Button
          size="xs"
          leftSection={<IconPlayerPlay size={15} />}
          onClick={() => void play([])}
          data-testid="simulate"
        >
          {running ? t("flow.simulateAgain") : t("flow.simulate")}
        </Button>
        <Button
          size="xs"
          variant="default"
          disabled={!running || steps.length === 0}
          leftSection={<IconArrowBackUp size={15} />}
          onClick={() => steps !== null && void play(steps.slice(0, -1))}
        >
          {t("flow.stepBack")}
        </Button>
        {running && (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlayerStop size={15} />}
            onClick={stop}
          >
            {t("flow.simulateEnd")}
          </Button>
        )}
      </Group>
      {error !== null && <Failure error={error} />}
      {tried !== null && tried.mistakes.length > 0 && (
        <Alert color="red" title={t("flow.notPlayed")}>
          {tried.mistakes[0] && sentence(tried.mistakes[0], language)}
        </Alert>
      )}
      {running && (
        <>
          <Transcript tried={tried} />
          <StepKeys
            key={steps.length}
            tried={tried}
            onStep={(step) => void play([...steps, ...step])}
          />
          <SaveTest tried={tried} steps={steps} call={call} />
        </>
      )}
      <TrialCall name={name} caller={call.caller} />
    </Stack>
  );
}
