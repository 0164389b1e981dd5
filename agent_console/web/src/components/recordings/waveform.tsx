// Both sides of a talk as a picture: the caller above the line, the agent below; what was played is darker.
// Drawn from the peaks the server made; a click, or the arrow keys, go to a moment, page up and down to the
// marks (holds, transfers), which have a flag on top, and to the remarks, which have one below.
import { useMantineColorScheme } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { duration } from "@/state/format";
import { type Mark, markBefore, nextMark } from "./marks";

const HEIGHT = 96;
const STEP_SECONDS = 5;
/** Pixels of the little flag of a mark, and of the line where one is. */
const FLAG = 7;
const PLACE = 2;
const REMARK = "remark";

export interface Waves {
  caller: number[];
  agent: number[];
}

/** Pairs of bytes, caller and agent. */
export function readPeaks(base64: string): Waves {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const side = (first: number) =>
    Array.from(
      { length: Math.floor(bytes.length / 2) },
      (_, at) => (bytes[2 * at + first] ?? 0) / 255,
    );
  return { caller: side(0), agent: side(1) };
}

export function Waveform({
  waves,
  seconds,
  at,
  pauses,
  marks,
  label,
  onGo,
}: {
  waves: Waves;
  seconds: number;
  at: number;
  pauses: readonly (readonly number[])[];
  marks: readonly Mark[];
  label: string;
  onGo: (second: number) => void;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { colorScheme } = useMantineColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another scheme has other colours
  useEffect(() => {
    const draw = () => {
      if (canvas.current !== null) paint(canvas.current, waves, seconds, at, pauses, marks);
    };
    draw();
    window.addEventListener("resize", draw);
    return () => window.removeEventListener("resize", draw);
  }, [waves, seconds, at, pauses, marks, colorScheme]);
  const keys = (event: KeyboardEvent) => {
    const go: Record<string, number> = {
      ArrowLeft: at - STEP_SECONDS,
      ArrowRight: at + STEP_SECONDS,
      Home: 0,
      End: seconds,
      PageUp: markBefore(marks, at)?.at ?? 0,
      PageDown: nextMark(marks, at)?.at ?? seconds,
    };
    const next = go[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onGo(Math.max(0, Math.min(seconds, next)));
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(seconds)}
      aria-valuenow={Math.round(at)}
      aria-valuetext={`${duration(at)} / ${duration(seconds)}`}
      data-testid="waveform"
      style={{ height: HEIGHT, cursor: "pointer" }}
      onKeyDown={keys}
      onClick={(event) => {
        const box = event.currentTarget.getBoundingClientRect();
        onGo(((event.clientX - box.left) / box.width) * seconds);
      }}
    >
      <canvas ref={canvas} style={{ width: "100%", height: HEIGHT, display: "block" }} />
    </div>
  );
}

function paint(
  canvas: HTMLCanvasElement,
  waves: Waves,
  seconds: number,
  at: number,
  pauses: readonly (readonly number[])[],
  marks: readonly Mark[],
): void {
  const scale = window.devicePixelRatio || 1;
  const width = canvas.clientWidth;
  canvas.width = width * scale;
  canvas.height = HEIGHT * scale;
  const pen = canvas.getContext("2d");
  if (pen === null || seconds <= 0) return;
  const style = getComputedStyle(canvas);
  const color = (name: string) => style.getPropertyValue(`--mantine-color-${name}`);
  pen.scale(scale, scale);
  pen.fillStyle = color("default-border");
  for (const [from = 0, to = 0] of pauses) {
    pen.fillRect((from / seconds) * width, 0, ((to - from) / seconds) * width, HEIGHT);
  }
  const middle = HEIGHT / 2;
  const count = waves.caller.length;
  for (let x = 0; x < width; x += 2) {
    const from = Math.floor((x / width) * count);
    const to = Math.max(from + 1, Math.floor(((x + 2) / width) * count));
    const most = (side: number[]) => Math.max(0, ...side.slice(from, to));
    const played = (x / width) * seconds <= at;
    const up = most(waves.caller) * (middle - 2);
    const down = most(waves.agent) * (middle - 2);
    pen.fillStyle = color(played ? "blue-filled" : "blue-4");
    pen.globalAlpha = played ? 1 : 0.6;
    pen.fillRect(x, middle - up, 1.5, up);
    pen.fillStyle = color(played ? "orange-filled" : "orange-4");
    pen.fillRect(x, middle, 1.5, down);
  }
  pen.globalAlpha = 1;
  for (const mark of marks) {
    const x = Math.min(width - 1, (mark.at / seconds) * width);
    const remark = mark.kind === REMARK;
    pen.fillStyle = color(remark ? "grape-outline" : "dimmed");
    pen.fillRect(x, 0, 1, HEIGHT);
    pen.fillRect(x + FLAG > width ? x + 1 - FLAG : x, remark ? HEIGHT - FLAG : 0, FLAG, FLAG);
  }
  pen.fillStyle = color("text");
  pen.fillRect(Math.min(width - PLACE, (at / seconds) * width), 0, PLACE, HEIGHT);
}
