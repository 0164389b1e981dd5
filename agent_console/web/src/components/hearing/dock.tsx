// At the foot of every page while one is at a call: who, how long, how; the three-way switch, take-over, out.
// How one is there the server's row says; without a phone of this tab the dock offers to come back.
import {
  Badge,
  Button,
  Group,
  Modal,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  Tooltip,
  VisuallyHidden,
} from "@mantine/core";
import {
  IconArrowBigDownLines,
  IconDoorExit,
  IconMicrophone,
  IconMicrophoneOff,
  IconPhoneOff,
  IconRefresh,
} from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { Elapsed } from "@/components/elapsed";
import { LevelMeter } from "@/components/level_meter";
import { notify } from "@/components/notices";
import { useCallerName } from "@/components/person";
import { useAgentName } from "@/state/choices";
import { useConsole, useLinked } from "@/state/console";
import { change, drop, earLevel, hear, leave, muteEar, takeOver, useEar } from "@/state/hearing";
import { useSession } from "@/state/session";
import type { HearingMode } from "@/wire/hearing";
import type { CallRow } from "@/wire/messages";
import { MODES } from "./hear_menu";
import { useEarCommand } from "./use_ear";

type Hearer = CallRow["hearers"][number];

export function HearingDock() {
  const me = useSession().id;
  const ear = useEar();
  const row = useConsole(({ live }) =>
    Object.values(live.calls).find(({ hearers }) => hearers.some(({ by }) => by === me)),
  );
  const own = row?.hearers.find(({ by }) => by === me);
  useEndWithTheRow(own !== undefined);
  useLeavingThePage(own?.taken === true);
  if (row === undefined || own === undefined) return null;
  return <Dock row={row} own={own} here={ear.phase !== "none" && ear.call === row.call} />;
}

/** The server has let us out (the call is over): the phone ends by itself; a stuck one is ended here. */
function useEndWithTheRow(there: boolean): void {
  const phase = useEar((state) => state.phase);
  useEffect(() => {
    if (there || phase !== "up") return;
    const timer = setTimeout(drop, 3_000);
    return () => clearTimeout(timer);
  }, [there, phase]);
}

/** Who only listens goes quietly; who has the caller is asked, and loses him only after a while. */
function useLeavingThePage(taken: boolean): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    if (taken) window.addEventListener("beforeunload", ask);
    else window.addEventListener("pagehide", drop);
    return () => {
      window.removeEventListener("beforeunload", ask);
      window.removeEventListener("pagehide", drop);
    };
  }, [taken]);
}

function Dock({ row, own, here }: { row: CallRow; own: Hearer; here: boolean }) {
  const { t } = useTranslation();
  const callerName = useCallerName();
  const agentName = useAgentName();
  const linked = useLinked();
  const { act, pending } = useEarCommand();
  const [asking, setAsking] = useState(false);
  const off = !linked || pending;
  const with_ = callerName(row.cards[0]?.name ?? row.name, row.number);
  const who = own.taken || row.agent === null ? with_ : `${agentName(row.agent)} – ${with_}`;
  const switchTo = (mode: HearingMode) => void act(() => change(mode));
  useModeKeys(here && !off && !own.taken && !asking, switchTo);
  return (
    <Paper
      withBorder
      shadow="md"
      p="sm"
      className="cc-dock"
      role="region"
      aria-label={t("hearing.dock")}
      data-testid="hearing"
      data-mode={own.mode}
      data-hears={own.hears}
      data-taken={own.taken}
    >
      <Group justify="space-between" gap="sm">
        <Group gap="sm" miw={0} flex="1 1 240px" wrap="nowrap">
          {here && <LevelMeter level={earLevel} label={t("hearing.level")} />}
          <div style={{ minWidth: 0 }}>
            <Text fw={650} truncate title={who}>
              {who}
            </Text>
            <Group gap="xs">
              <Text size="sm" c="dimmed">
                <Elapsed since={own.since} />
              </Text>
              <HowItIs row={row} own={own} here={here} />
            </Group>
          </div>
        </Group>
        {here && !own.taken && (
          <Tooltip label={t("hearing.keys")}>
            <SegmentedControl
              aria-label={t("hearing.mode")}
              value={own.mode}
              disabled={off}
              onChange={(mode) => switchTo(mode as HearingMode)}
              data={MODES.map(({ mode, icon: Icon }) => ({
                value: mode,
                label: (
                  <Group gap={6} wrap="nowrap">
                    <Icon size={16} aria-hidden />
                    <span>{t(`hearing.${mode}`)}</span>
                  </Group>
                ),
              }))}
            />
          </Tooltip>
        )}
        <Group gap="xs">
          {!here && <ComeBack row={row} own={own} off={off} />}
          {here && <Mute />}
          {here && !own.taken && row.direction !== "internal" && (
            <Button
              variant="default"
              leftSection={<IconArrowBigDownLines size={16} />}
              disabled={off || !own.hears}
              onClick={() => setAsking(true)}
            >
              {t("hearing.takeOver")}
            </Button>
          )}
          <Button
            color="red"
            variant={own.taken ? "filled" : "light"}
            leftSection={own.taken ? <IconPhoneOff size={16} /> : <IconDoorExit size={16} />}
            disabled={off}
            onClick={() => void act(leave)}
          >
            {t(own.taken ? "hearing.hangUp" : "hearing.leave")}
          </Button>
        </Group>
      </Group>
      <VisuallyHidden role="status">
        {own.taken ? t("hearing.isTaken") : t(`hearing.now.${own.mode}`)}
      </VisuallyHidden>
      <TakeOver
        opened={asking}
        agent={agentName(row.agent ?? "")}
        onClose={() => setAsking(false)}
        onSure={() => {
          setAsking(false);
          void act(takeOver);
        }}
      />
    </Paper>
  );
}

function HowItIs({ row, own, here }: { row: CallRow; own: Hearer; here: boolean }) {
  const { t } = useTranslation();
  if (own.taken) return <Badge className="cc-badge">{t("hearing.isTaken")}</Badge>;
  if (!own.there) return <Text size="sm">{t("hearing.joining")}</Text>;
  if (!here) return <Text size="sm">{t("hearing.elsewhere")}</Text>;
  if (own.private) return <Badge color="yellow">{t("hearing.private")}</Badge>;
  if (!own.hears) return <Badge color="gray">{t("hearing.silent")}</Badge>;
  if (row.stage === "held") return <Badge color="violet">{t("hearing.held")}</Badge>;
  return <Text size="sm">{t(`hearing.now.${own.mode}`)}</Text>;
}

/** Another tab has the sound, or a reload took it. */
function ComeBack({ row, own, off }: { row: CallRow; own: Hearer; off: boolean }) {
  const { t } = useTranslation();
  const { act } = useEarCommand();
  if (own.taken || !own.there) return null;
  const again = () =>
    act(() =>
      hear(row.call, own.mode, (reason) =>
        notify({ color: "red", title: t("hearing.failed"), message: reason }),
      ),
    );
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={16} />}
      disabled={off}
      onClick={() => void again()}
    >
      {t("hearing.hearHere")}
    </Button>
  );
}

function Mute() {
  const { t } = useTranslation();
  const { speaking, muted } = useEar();
  if (!speaking) return null;
  return (
    <Button
      variant={muted ? "filled" : "default"}
      color="orange"
      aria-pressed={muted}
      leftSection={muted ? <IconMicrophoneOff size={16} /> : <IconMicrophone size={16} />}
      onClick={() => muteEar(!muted)}
    >
      {t(muted ? "hearing.unmute" : "hearing.mute")}
    </Button>
  );
}

function TakeOver({
  opened,
  agent,
  onClose,
  onSure,
}: {
  opened: boolean;
  agent: string;
  onClose: () => void;
  onSure: () => void;
}) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={<Text fw={650}>{t("hearing.takeOver")}</Text>}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Stack>
        <Text>{t("hearing.takeOverSure", { name: agent })}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("action.cancel")}
          </Button>
          <Button data-autofocus onClick={onSure}>
            {t("hearing.takeOver")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

/** 1, 2, 3, as long as one is at a call and nothing is being typed. */
function useModeKeys(on: boolean, switchTo: (mode: HearingMode) => void): void {
  useEffect(() => {
    if (!on) return;
    const pressed = (event: KeyboardEvent) => {
      const place = ["1", "2", "3"].indexOf(event.key);
      const chosen = MODES[place];
      const modified = event.altKey || event.ctrlKey || event.metaKey || event.shiftKey;
      if (chosen === undefined || modified || event.repeat || isTyping(event.target)) return;
      event.preventDefault();
      switchTo(chosen.mode);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  });
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement && target.type === "radio") return false;
  return target.isContentEditable || target.matches("input, textarea, select, [role=combobox]");
}
