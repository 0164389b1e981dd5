// The microphone, opened once when the shift starts and kept: an open microphone is what lets a page
// ring and play without a click, also after a reload. Calls get a copy of the track, so muting a call
// does not still the level meter.

export type MicrophoneError = "denied" | "missing" | "busy" | "insecure" | "failed";

export function microphoneError(error: unknown): MicrophoneError {
  if (!window.isSecureContext) return "insecure";
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") return "denied";
  if (name === "NotFoundError" || name === "OverconstrainedError") return "missing";
  if (name === "NotReadableError" || name === "AbortError") return "busy";
  return "failed";
}

export class Microphone {
  private stream: MediaStream | null = null;
  private meterContext: AudioContext | null = null;
  private analyser: AnalyserNode | null = null;
  private samples = new Float32Array(new ArrayBuffer(512 * 4));

  get isOpen(): boolean {
    return this.stream?.getAudioTracks().some((track) => track.readyState === "live") ?? false;
  }

  /** Throws what the browser threw; `microphoneError` names it. An old stream stays until then. */
  async open(device: string, onEnded: () => void): Promise<void> {
    if (!navigator.mediaDevices) throw new DOMException("", "SecurityError");
    const wanted: MediaTrackConstraints = {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
    };
    if (device !== "") wanted.deviceId = { ideal: device };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    this.close();
    this.stream = stream;
    for (const track of stream.getAudioTracks()) track.onended = onEnded;
    this.meterContext = new AudioContext();
    this.analyser = this.meterContext.createAnalyser();
    this.analyser.fftSize = 512;
    this.meterContext.createMediaStreamSource(stream).connect(this.analyser);
    void this.meterContext.resume().catch(() => undefined);
  }

  /** The device in use, "" while closed. */
  get device(): string {
    return this.stream?.getAudioTracks()[0]?.getSettings().deviceId ?? "";
  }

  /** A stream for one call; whoever takes it stops it. Null while closed, or pulled out: the call is then
   * listen-only. */
  copy(): MediaStream | null {
    const track = this.stream?.getAudioTracks()[0];
    return track?.readyState === "live" ? new MediaStream([track.clone()]) : null;
  }

  /** How loud it is now, 0 to 1, on a scale that follows the ear (-60 dB is 0). */
  level(): number {
    if (this.analyser === null) return 0;
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    const decibel = 10 * Math.log10(sum / this.samples.length + 1e-9);
    return Math.max(0, Math.min(1, (decibel + 60) / 60));
  }

  close(): void {
    for (const track of this.stream?.getTracks() ?? []) {
      track.onended = null;
      track.stop();
    }
    this.stream = null;
    this.analyser = null;
    if (this.meterContext !== null) void this.meterContext.close();
    this.meterContext = null;
  }
}
