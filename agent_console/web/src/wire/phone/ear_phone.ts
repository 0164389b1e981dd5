// A supervisor's ear at a live call. While he only listens no microphone is open: what is sent is a track of
// silence made here, so that Asterisk still sees that the browser lives. To speak, the microphone's track
// takes its place, without a new negotiation.
import { type TrialAccess, type TrialPhase, TrialPhone } from "./trial_phone";

export class EarPhone {
  private readonly context = new AudioContext();
  private readonly silence = this.context.createMediaStreamDestination().stream;
  private readonly phone: TrialPhone;
  private microphone: MediaStream | null = null;
  private analyser: AnalyserNode | null = null;
  private readonly samples = new Float32Array(new ArrayBuffer(512 * 4));

  constructor(socketUrl: string, onPhase: (phase: TrialPhase, reason: string) => void) {
    this.phone = new TrialPhone(socketUrl, (phase, reason) => {
      if (phase === "up") this.measure();
      if (phase === "over" || phase === "failed") this.close();
      onPhase(phase, reason);
    });
  }

  listen(access: TrialAccess): void {
    void this.context.resume().catch(() => undefined);
    this.phone.call(access, this.silence);
  }

  /** Opens the microphone if it is not; throws what the browser throws when it may not. */
  async speak(device: string): Promise<void> {
    if (this.microphone === null) {
      const audio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true };
      if (device !== "") audio.deviceId = { ideal: device };
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio });
    }
    const [track] = this.microphone.getAudioTracks();
    if (track !== undefined) await this.phone.send(track);
  }

  /** Silence again; the microphone is closed. */
  async beSilent(): Promise<void> {
    const [track] = this.silence.getAudioTracks();
    if (track !== undefined) await this.phone.send(track);
    this.closeMicrophone();
  }

  mute(on: boolean): void {
    for (const track of this.microphone?.getAudioTracks() ?? []) track.enabled = !on;
  }

  get microphoneOpen(): boolean {
    return this.microphone !== null;
  }

  /** How loud it is what he hears, 0 to 1 (-60 dB is 0). */
  level(): number {
    if (this.analyser === null) return 0;
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    const decibel = 10 * Math.log10(sum / this.samples.length + 1e-9);
    return Math.max(0, Math.min(1, (decibel + 60) / 60));
  }

  hangUp(): void {
    this.phone.hangUp();
  }

  private measure(): void {
    const { heard } = this.phone;
    if (heard === null || this.context.state === "closed") return;
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 512;
    this.context.createMediaStreamSource(heard).connect(this.analyser);
  }

  private closeMicrophone(): void {
    for (const track of this.microphone?.getTracks() ?? []) track.stop();
    this.microphone = null;
  }

  private close(): void {
    this.closeMicrophone();
    this.analyser = null;
    if (this.context.state !== "closed") void this.context.close();
  }
}
