// A phone for one call out: an administrator hears a draft on the real telephone system, a supervisor a
// live call (`ear_phone`). It does not register, so the phone of a shift in this or another tab keeps
// ringing as it did.
import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import { withRealConnectionAddress } from "./sdp";

export interface TrialAccess {
  device: string;
  domain: string;
  password: string;
  extension: string;
}

export type TrialPhase = "ringing" | "up" | "over" | "failed";

const GATHER_QUIET_MS = 300;

export class TrialPhone {
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private readonly player = new Audio();

  constructor(
    private readonly socketUrl: string,
    private readonly onPhase: (phase: TrialPhase, reason: string) => void,
  ) {}

  /** `sent`: the microphone; it is stopped when the call is over. */
  call(access: TrialAccess, sent: MediaStream): void {
    const ua = new UA({
      sockets: [new WebSocketInterface(this.socketUrl)],
      uri: `sip:${access.device}@${access.domain}`,
      authorization_user: access.device,
      password: access.password,
      register: false,
      session_timers: false,
      user_agent: "callcenter-console",
    });
    this.ua = ua;
    this.onPhase("ringing", "");
    ua.on("connected", () => {
      if (this.session === null) this.dial(ua, access, sent);
    });
    ua.on("disconnected", ({ reason }) => {
      if (this.session === null) this.end(sent, "failed", reason ?? "");
    });
    ua.start();
  }

  press(key: string): void {
    const sender = this.session?.connection?.getSenders().find(({ dtmf }) => dtmf !== null);
    sender?.dtmf?.insertDTMF(key, 160, 70);
  }

  /** What is sent from now on, without a word to the other side; the stream given to `call` stays the
   * caller's to stop. */
  async send(track: MediaStreamTrack): Promise<void> {
    const sender = this.session?.connection?.getSenders().find((one) => one.track !== null);
    await sender?.replaceTrack(track);
  }

  /** What is heard; null before the call is up. */
  get heard(): MediaStream | null {
    return this.player.srcObject instanceof MediaStream ? this.player.srcObject : null;
  }

  hangUp(): void {
    if (this.session !== null && !this.session.isEnded()) this.session.terminate();
    else this.ua?.stop();
  }

  private dial(ua: UA, access: TrialAccess, sent: MediaStream): void {
    let quiet: ReturnType<typeof setTimeout> | null = null;
    const session = ua.call(`sip:${access.extension}@${access.domain}`, {
      mediaStream: sent,
      pcConfig: { iceServers: [] },
      eventHandlers: {
        peerconnection: ({ peerconnection }: { peerconnection: RTCPeerConnection }) => {
          peerconnection.addEventListener("track", (event) => {
            this.player.srcObject = event.streams[0] ?? new MediaStream([event.track]);
            void this.player.play().catch(() => undefined);
          });
        },
        icecandidate: ({ ready }: { ready: () => void }) => {
          if (quiet !== null) clearTimeout(quiet);
          quiet = setTimeout(ready, GATHER_QUIET_MS);
        },
        sdp: (event: { originator: string; sdp: string }) => {
          if (event.originator === "local") event.sdp = withRealConnectionAddress(event.sdp);
        },
        confirmed: () => this.onPhase("up", ""),
        failed: ({ cause }: { cause: string }) => this.end(sent, "failed", cause),
        ended: () => this.end(sent, "over", ""),
      },
    });
    this.session = session;
  }

  private end(sent: MediaStream, phase: TrialPhase, reason: string): void {
    for (const track of sent.getTracks()) track.stop();
    this.player.srcObject = null;
    this.ua?.stop();
    this.ua = null;
    this.onPhase(phase, reason);
  }
}
