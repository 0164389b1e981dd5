// A screen on the wall: figures without a login, by a token in the address. It shows and takes nothing; when
// the link is gone a grey sheet says since when, so that old figures are never taken for live ones.
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { noteServerClock, useServerSecond } from "@/state/clock";
import { clockTime, duration, type Language, percent } from "@/state/format";
import { chooseLanguage } from "@/state/i18n";
import { type Live, NOTHING_KNOWN, step } from "@/state/live";
import { figure, levelOf } from "@/state/wall_grid";
import { ConsoleSocket, type LinkState } from "@/wire/console_socket";
import { showWall, type WallTile } from "@/wire/floor";
import type { AgentState, QueueRow } from "@/wire/messages";
import { ApiError } from "@/wire/rest";
import "@/components/floor/wall.css";

const LAYOUT_EVERY_MS = 60_000;
/** A wallboard that was removed may come back: its screens ask for it. */
const BACK_EVERY_MS = 10_000;
const GONE = [404, 422];
const IDLE: LinkState = { phase: "idle", since: 0, attempts: 0, retryAt: null, reason: "" };

export function WallPage() {
  const { t } = useTranslation();
  const { token = "" } = useSearch({ from: "/wall" });
  const shown = useQuery({
    queryKey: ["wall", token],
    queryFn: () => showWall(token),
    refetchInterval: ({ state }) => (state.status === "error" ? BACK_EVERY_MS : LAYOUT_EVERY_MS),
    retry: (_, error) => error instanceof ApiError && error.status !== 404 && error.status !== 422,
    retryDelay: 5_000,
  });
  const [turn, setTurn] = useState(0);
  const { live, link, heardAt } = useWallLive(token, shown.data !== undefined, turn);
  const { refetch } = shown;
  const out = link.phase === "signed-out";
  useEffect(() => {
    if (!out) return;
    const ask = () =>
      void refetch().then(({ isSuccess }) => {
        if (isSuccess) setTurn((one) => one + 1);
      });
    const timer = setInterval(ask, BACK_EVERY_MS);
    return () => clearInterval(timer);
  }, [out, refetch]);
  const language: Language = shown.data?.language === "zh" ? "zh" : "en";
  useEffect(() => {
    if (shown.data !== undefined) void chooseLanguage(language);
  }, [shown.data, language]);
  useWakeLock();
  const page = usePage(shown.data?.layout.pages.length ?? 1, shown.data?.layout.seconds ?? 20);
  const gone = out || (shown.error instanceof ApiError && GONE.includes(shown.error.status));
  if (gone)
    return (
      <main className="cc-wall">
        <div className="cc-wall-stale" role="alert">
          <h1>{t("wall.gone")}</h1>
          <p>{t("wall.goneHint")}</p>
        </div>
      </main>
    );
  const stale = live.known && link.phase !== "open";
  return (
    <main className="cc-wall">
      <header>
        <h1>
          {shown.data?.name ?? ""} {shown.data?.team_name && <small>{shown.data.team_name}</small>}
        </h1>
        <Beat fresh={link.phase === "open" && live.known} language={language} />
      </header>
      <div className="cc-wall-board">
        {(shown.data?.layout.pages[page]?.tiles ?? []).map((tile) => (
          <Tile key={tile.id} tile={tile} live={live} language={language} />
        ))}
      </div>
      {stale && (
        <div className="cc-wall-stale" role="alert">
          <h1>{t("wall.stale")}</h1>
          <p>{t("wall.lastAt", { at: clockTime(heardAt / 1000, language) })}</p>
        </div>
      )}
    </main>
  );
}

/** The figures by the same deltas as a console's, on a socket of the screen's own; another `turn`: anew. */
function useWallLive(token: string, ready: boolean, turn: number) {
  const [live, setLive] = useState<Live>(NOTHING_KNOWN);
  const [link, setLink] = useState(IDLE);
  const [heardAt, setHeardAt] = useState(0);
  const picture = useRef(NOTHING_KNOWN);
  useEffect(() => {
    if (!ready || turn < 0) return;
    let frame: number | null = null;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const url = `${scheme}://${location.host}/ws/wall?token=${encodeURIComponent(token)}`;
    const socket = new ConsoleSocket(() => url, {
      onMessage: (message) => {
        const { live: after, resume } = step(picture.current, message);
        if (resume !== undefined) socket.send({ type: "resume", ...resume });
        if (message.type === "snapshot") noteServerClock(message.clock, true);
        if (message.type === "pong") noteServerClock(message.clock);
        picture.current = after;
        // Hundreds of changes a second, painted once a frame.
        frame ??= requestAnimationFrame(() => {
          frame = null;
          setLive(picture.current);
          setHeardAt(Date.now());
        });
      },
      onState: setLink,
    });
    socket.start();
    return () => {
      socket.stop();
      if (frame !== null) cancelAnimationFrame(frame);
    };
  }, [token, ready, turn]);
  return { live, link, heardAt };
}

/** Keeps the screen awake, and takes the lock again when the page is seen again. */
function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | null = null;
    const take = () => {
      if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
      navigator.wakeLock
        .request("screen")
        .then((taken) => {
          lock = taken;
        })
        .catch(() => undefined); // a screen without one has its own settings
    };
    take();
    document.addEventListener("visibilitychange", take);
    return () => {
      document.removeEventListener("visibilitychange", take);
      void lock?.release();
    };
  }, []);
}

function usePage(count: number, seconds: number): number {
  const [page, setPage] = useState(0);
  useEffect(() => {
    if (count < 2) return;
    const timer = setInterval(() => setPage((now) => (now + 1) % count), seconds * 1000);
    return () => clearInterval(timer);
  }, [count, seconds]);
  return page % count;
}

function Beat({ fresh, language }: { fresh: boolean; language: Language }) {
  const { t } = useTranslation();
  const second = useServerSecond();
  return (
    <p className="cc-wall-beat cc-figures" data-fresh={fresh || undefined}>
      {fresh && <span>{t("wall.live")}</span>} {clockTime(second, language)}
    </p>
  );
}

function Tile({ tile, live, language }: { tile: WallTile; live: Live; language: Language }) {
  const { t } = useTranslation();
  const second = useServerSecond();
  const all = Object.values(live.queues);
  const queues = tile.queue ? all.filter(({ queue }) => queue === tile.queue) : all;
  const agents = Object.values(live.agents).filter(
    (row) => !tile.queue || row.queues.includes(tile.queue),
  );
  const metric = tile.metric || "waiting";
  const value = tile.kind === "figure" ? figure(metric, queues, agents, second) : null;
  const title =
    tile.title ||
    (tile.kind === "figure"
      ? t(`metric.${metric as "waiting"}`)
      : tile.kind === "text"
        ? ""
        : t(`wallTile.${tile.kind}`));
  return (
    <section
      className="cc-wall-tile"
      data-level={levelOf(value, tile)}
      style={{
        gridColumn: `${tile.x + 1} / span ${tile.w}`,
        gridRow: `${tile.y + 1} / span ${tile.h}`,
      }}
    >
      {tile.kind !== "text" && <h2>{title}</h2>}
      {tile.kind === "figure" && (
        <p className="cc-wall-figure cc-figures">{said(metric, value, language)}</p>
      )}
      {tile.kind === "clock" && (
        <p className="cc-wall-figure cc-figures">{clockTime(second, language)}</p>
      )}
      {tile.kind === "text" && <p className="cc-wall-text">{tile.title}</p>}
      {tile.kind === "queues" && (
        <table>
          <thead>
            <tr>
              <th />
              <th>{t("metric.waiting")}</th>
              <th>{t("metric.longest_wait")}</th>
              <th>{t("metric.service_level")}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((row) => (
              <QueueLine key={row.queue} row={row} language={language} />
            ))}
          </tbody>
        </table>
      )}
      {tile.kind === "agents" && (
        <ul>
          {agents
            .filter(({ state }) => state !== "offline")
            .map((row) => (
              <AgentItem key={row.agent} name={row.name} state={row.state} />
            ))}
        </ul>
      )}
    </section>
  );
}

const QueueLine = memo(function QueueLine({
  row,
  language,
}: {
  row: QueueRow;
  language: Language;
}) {
  const second = useServerSecond();
  const of = (metric: string) => said(metric, figure(metric, [row], [], second), language);
  return (
    <tr>
      <th scope="row">{row.name}</th>
      <td>{row.waiting}</td>
      <td>{of("longest_wait")}</td>
      <td>{of("service_level")}</td>
    </tr>
  );
});

/** One of hundreds: drawn anew with another state, not with each change of any. */
const AgentItem = memo(function AgentItem({ name, state }: { name: string; state: AgentState }) {
  const { t } = useTranslation();
  return (
    <li data-state={state}>
      <Text span inherit truncate>
        {name}
      </Text>
      <span>{t(`state.${state}`)}</span>
    </li>
  );
});

function said(metric: string, value: number | null, language: Language): string {
  if (value === null) return "–";
  if (metric === "longest_wait") return duration(value);
  if (metric === "service_level" || metric === "abandon_rate") return percent(value, language);
  return String(Math.round(value));
}
