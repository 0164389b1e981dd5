// Sounds made here, not loaded: the ring on its own device, and the short zip that announces an
// automatic answer in the headset. With an open microphone browsers allow both without a click.

const RING_PERIOD_SECONDS = 3;
const RING_HERTZ: readonly [number, number] = [440, 480];
const LATE_MS_MAX = 3_000;
const DEVICE_BUFFER_MS = 120;

type SinkContext = AudioContext & { setSinkId?: (id: string) => Promise<void> };

async function open(device: string): Promise<SinkContext> {
  const context: SinkContext = new AudioContext();
  if (device !== "" && context.setSinkId) {
    // The device may have been pulled out: then the default rings, which is better than silence.
    await context.setSinkId(device).catch(() => undefined);
  }
  if (context.state === "suspended") await context.resume().catch(() => undefined);
  return context;
}

/** `over` is called when it was played: a headset that sleeps begins late, and so ends late. */
function burst(
  context: AudioContext,
  volume: number,
  hertz: readonly number[],
  seconds: number,
  over: (() => void) | null = null,
) {
  const gain = context.createGain();
  gain.connect(context.destination);
  const from = context.currentTime + 0.01;
  gain.gain.setValueAtTime(0, from);
  gain.gain.linearRampToValueAtTime(volume / hertz.length, from + 0.02);
  gain.gain.setValueAtTime(volume / hertz.length, from + seconds - 0.03);
  gain.gain.linearRampToValueAtTime(0, from + seconds);
  for (const frequency of hertz) {
    const tone = context.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(from);
    tone.stop(from + seconds);
    tone.onended = over;
  }
}

/** Rings until the returned function is called. */
export function ring(device: string, volume: number): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setInterval> | null = null;
  let context: AudioContext | null = null;
  void open(device).then((opened) => {
    context = opened;
    if (stopped) {
      void opened.close();
      return;
    }
    const sound = () => burst(opened, volume, RING_HERTZ, 1.2);
    sound();
    timer = setInterval(sound, RING_PERIOD_SECONDS * 1000);
  });
  return () => {
    stopped = true;
    if (timer !== null) clearInterval(timer);
    if (context !== null && context.state !== "closed") void context.close();
  };
}

/** One short sound on the device: a test of the speaker, or the zip before an automatic answer. */
export async function playOnce(
  device: string,
  volume: number,
  kind: "test" | "zip",
): Promise<void> {
  const context = await open(device);
  const [hertz, seconds] = kind === "zip" ? [[880], 0.18] : [[523, 659], 0.9];
  await new Promise<void>((done) => {
    burst(context, volume, hertz as number[], seconds as number, () => {
      setTimeout(done, DEVICE_BUFFER_MS);
    });
    setTimeout(done, LATE_MS_MAX);
  });
  await context.close();
}

let still: MediaStream | null = null;

/**
 * Sound without any sound, for a call whose microphone was pulled out: a browser that sends nothing at all
 * is taken for dead (rtp_timeout), and the caller would be given to somebody else.
 */
export function silence(): MediaStream {
  if (still === null) {
    const context = new AudioContext();
    const source = context.createConstantSource();
    const closed = context.createGain();
    const out = context.createMediaStreamDestination();
    closed.gain.value = 0;
    source.connect(closed).connect(out);
    source.start();
    still = out.stream;
  }
  return new MediaStream(still.getAudioTracks().map((track) => track.clone()));
}
