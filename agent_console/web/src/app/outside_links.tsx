// What binds the console to an own CRM: its pages open with a call, numbers come from it to be dialled (after
// a question), and it hears of the agent's own calls through the window `/link`.
import { Button, CloseButton, Group, Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "@/components/notices";
import { useConsole } from "@/state/console";
import { ownCalls } from "@/state/live";
import { addressOf, popsFor, valuesOf } from "@/state/screen_pops";
import type { CallRow } from "@/wire/messages";
import { listScreenPops } from "@/wire/screen_pops";

const CHANNEL = "cc-link";
const KEPT_MS = 60_000;
const NUMBER = /^[+0-9][0-9 ()./-]{1,38}$/;

export function OutsideLinks({ agent }: { agent: string }) {
  const row = useConsole(({ live }) => ownCalls(live)[0] ?? null);
  useLink(row);
  return <Pops row={row} agent={agent} />;
}

/** One of the open tabs takes a number (a lock says which), all tell of the call. */
function useLink(row: CallRow | null): void {
  const navigate = useNavigate();
  const channel = useRef<BroadcastChannel | null>(null);
  const told = useRef("");
  useEffect(() => {
    const opened = new BroadcastChannel(CHANNEL);
    channel.current = opened;
    opened.onmessage = ({ data }) => {
      if (data?.kind !== "dial" || typeof data.number !== "string" || !NUMBER.test(data.number))
        return;
      void navigator.locks.request(`${CHANNEL}-${data.id}`, { ifAvailable: true }, async (lock) => {
        if (lock === null) return;
        opened.postMessage({ kind: "taken", id: data.id });
        await navigate({ to: "/dial", search: { number: data.number } });
        // The others come to this lock within that time.
        await new Promise((resolve) => setTimeout(resolve, 1000));
      });
    };
    return () => opened.close();
  }, [navigate]);
  useEffect(() => {
    const stage = row?.stage ?? "over";
    const mark = `${row?.call ?? ""} ${stage}`;
    if (told.current === mark) return;
    told.current = mark;
    const call = row === null ? {} : valuesOf(row, "");
    channel.current?.postMessage({ kind: "call", call: { ...call, stage } });
  }, [row]);
}

interface Panel {
  call: string;
  name: string;
  address: string;
}

function Pops({ row, agent }: { row: CallRow | null; agent: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["screen-pops"],
    queryFn: listScreenPops,
    staleTime: KEPT_MS,
    refetchInterval: KEPT_MS,
  });
  const opened = useRef(new Set<string>());
  const [panel, setPanel] = useState<Panel | null>(null);
  const call = row?.call ?? null;
  useEffect(() => {
    if (row === null || data === undefined || !row.known) return;
    for (const pop of popsFor(data.items, row)) {
      const mark = `${row.call} ${pop.code}`;
      const address = addressOf(pop.url, valuesOf(row, agent));
      if (opened.current.has(mark) || address === null) continue;
      opened.current.add(mark);
      if (pop.where === "panel") setPanel({ call: row.call, name: pop.name, address });
      else openTab(pop.name, address, t("pops.blocked", { name: pop.name }), t("pops.open"));
    }
  }, [row, data, agent, t]);
  if (panel === null || panel.call !== call) return null;
  return (
    <Paper withBorder mb="sm" role="region" aria-label={panel.name} data-testid="pop-panel">
      <Group justify="space-between" px="sm" py={4}>
        <Text fw={600} size="sm">
          {panel.name}
        </Text>
        <CloseButton aria-label={t("action.close")} onClick={() => setPanel(null)} />
      </Group>
      <iframe
        title={panel.name}
        src={panel.address}
        sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-downloads"
        referrerPolicy="origin"
        style={{ width: "100%", height: "45vh", border: 0, display: "block" }}
      />
    </Paper>
  );
}

/** Browsers let a page open by itself only where people allowed it; otherwise a button does. */
function openTab(name: string, address: string, blocked: string, open: string): void {
  if (window.open(address, "_blank") !== null) return;
  notify({
    id: `pop-${name}`,
    color: "yellow",
    autoClose: false,
    message: (
      <Group justify="space-between">
        <Text size="sm">{blocked}</Text>
        <Button size="xs" component="a" href={address} target="_blank" rel="noopener noreferrer">
          {open}
        </Button>
      </Group>
    ),
  });
}
