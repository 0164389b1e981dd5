// What a person must hear or notice: one polite live region, a notification and a flashing title when the
// page is hidden, Alt+A for the answer. Nothing here moves the focus.
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "@/components/notices";
import { useCallerName } from "@/components/person";
import { useAgentName } from "@/state/choices";
import { useConsole, useOwnRow } from "@/state/console";
import { ownCalls } from "@/state/live";
import { answer } from "@/state/shift";
import { useShortcut } from "@/state/shortcuts";
import type { CallRow } from "@/wire/messages";

const FLASH_MS = 1_000;

export function Announcements() {
  const { t } = useTranslation();
  const nameOf = useNameOf();
  const call = useConsole(({ live }) => ownCalls(live)[0] ?? null);
  const offered = useConsole(
    ({ live }) => ownCalls(live).find((row) => row.stage === "offered") ?? null,
  );
  const [said, setSaid] = useState("");
  const name = call === null ? "" : nameOf(call);
  const stage = call?.stage ?? null;
  const before = useRef<CallRow["stage"] | null>(null);

  useEffect(() => {
    if (before.current === stage) return;
    before.current = stage;
    if (stage === "offered") setSaid(t("say.incoming", { name }));
    else if (stage === "talking") setSaid(t("say.talking", { name }));
    else if (stage === "held") setSaid(t("say.held"));
    else if (stage === "wrap-up") setSaid(t("say.wrapUp"));
    else setSaid("");
  }, [stage, name, t]);

  useLostOffer(setSaid);

  const offeredText =
    offered === null
      ? ""
      : `☎ ${nameOf(offered)} – ${offered.queue_name || t(`direction.${offered.direction}`)}`;
  useTitle(offeredText);
  useDesktopNotification(offered?.call ?? "", offeredText);
  useShortcut("answer", () => offered !== null && answer(offered.call));

  return (
    <div className="cc-only-heard" role="status" aria-live="polite">
      {said}
    </div>
  );
}

/** A colleague was faster: said quietly, for it is nobody's fault. */
function useLostOffer(say: (text: string) => void): void {
  const { t } = useTranslation();
  const row = useOwnRow();
  const lost = row !== null && row.lost_offer === "elsewhere";
  const known = useRef<boolean | null>(null);
  useEffect(() => {
    const fresh = lost && known.current === false;
    if (row !== null) known.current = lost;
    if (!fresh) return;
    say(t("say.elsewhere"));
    notify({ color: "gray", message: t("say.elsewhere"), autoClose: 4_000 });
  }, [lost, row, say, t]);
}

/** What a call is called that is spoken of: its caller, or the colleague. */
function useNameOf(): (row: CallRow) => string {
  const callerName = useCallerName();
  const agentName = useAgentName();
  const me = useConsole(({ live }) => live.agent);
  return (row) => {
    if (row.direction === "internal")
      return agentName(row.peer === me ? (row.agent ?? "") : row.peer);
    const [card] = row.cards;
    return callerName(row.cards.length === 1 && card ? card.name : row.name, row.number);
  };
}

function useTitle(ringing: string): void {
  const { t } = useTranslation();
  const plain = t("product.name");
  useEffect(() => {
    document.title = ringing || plain;
    if (ringing === "") return;
    let on = true;
    const timer = setInterval(() => {
      on = !on;
      document.title = on ? ringing : plain;
    }, FLASH_MS);
    return () => {
      clearInterval(timer);
      document.title = plain;
    };
  }, [ringing, plain]);
}

function useDesktopNotification(call: string, text: string): void {
  const { t } = useTranslation();
  const body = useRef(text);
  body.current = text;
  useEffect(() => {
    if (call === "" || !document.hidden || !("Notification" in globalThis)) return;
    if (Notification.permission !== "granted") return;
    const shown = new Notification(t("incoming.title"), {
      body: body.current,
      tag: `cc-${call}`,
      requireInteraction: true,
    });
    shown.onclick = () => {
      window.focus();
      shown.close();
    };
    return () => shown.close();
  }, [call, t]);
}
