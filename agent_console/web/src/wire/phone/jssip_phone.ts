// The browser phone on JsSIP. It registers, rings, answers, mutes, sends digits and hangs up; holding
// and transferring are the server's work. JsSIP's known weak points are answered here: no cap on ICE
// gathering, 0.0.0.0 in the SDP, and a dialog that is dead after a reconnect.
import { UA, WebSocketInterface } from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";
import type { IncomingRequest } from "jssip/lib/SIPMessage";
import type { IncomingRTCSessionEvent, OutgoingRTCSessionEvent } from "jssip/lib/UA";
import type { Phone, PhoneCall, PhoneLink, PhoneSetting, PhoneState } from "./phone";
import { PHONE_OFF } from "./phone";
import { type MediaCounters, qualityBetween, readCounters } from "./quality";
import { withRealConnectionAddress } from "./sdp";
import { playOnce, ring, silence } from "./tones";

const GATHER_QUIET_MS = 300;
const STATISTICS_MS = 2_000;
const AUTO_ANSWER_AFTER_MS = 1_000;
const RING_AFTER_MS = 80;
const REGISTER_SECONDS = 300;
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 8_000;
const CREDENTIAL_CODES = new Set([401, 403, 404, 407]);
const PC_CONFIG: RTCConfiguration = { iceServers: [] };

export class JsSipPhone implements Phone {
  private state: PhoneState = PHONE_OFF;
  private ua: UA | null = null;
  private session: RTCSession | null = null;
  private sent: MediaStream | null = null;
  private readonly player = new Audio();
  private stopRing: (() => void) | null = null;
  private answerTimer: ReturnType<typeof setTimeout> | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private statistics: ReturnType<typeof setInterval> | null = null;
  private tries = 0;
  private wasLost = false;
  private stopped = true;

  constructor(private readonly setting: PhoneSetting) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.link("connecting", "");
    void this.connect();
  }

  stop(): void {
    this.stopped = true;
    if (this.retryTimer !== null) clearTimeout(this.retryTimer);
    this.callGone();
    this.ua?.stop();
    this.ua = null;
    this.link("off", "");
  }

  answer(): void {
    const { session } = this;
    if (session === null || this.state.call?.phase !== "ringing") return;
    this.quiet();
    this.sent = this.setting.microphone();
    this.changeCall({ phase: "answering", listenOnly: this.sent === null });
    session.answer({
      ...(this.sent === null
        ? { mediaConstraints: { audio: false, video: false } }
        : { mediaStream: this.sent }),
      pcConfig: PC_CONFIG,
    });
  }

  hangUp(): void {
    if (this.session !== null && !this.session.isEnded()) this.session.terminate();
  }

  mute(muted: boolean): void {
    for (const track of this.sent?.getAudioTracks() ?? []) track.enabled = !muted;
    this.changeCall({ muted });
  }

  dtmf(tone: string): void {
    if (this.state.call?.phase !== "up") return;
    const sender = this.session?.connection
      ?.getSenders()
      .find((candidate) => candidate.dtmf !== null);
    sender?.dtmf?.insertDTMF(tone, 160, 70);
  }

  refreshSpeaker(): void {
    const { speaker } = this.setting.devices();
    if ("setSinkId" in this.player) void this.player.setSinkId(speaker).catch(() => undefined);
  }

  refreshDevices(): void {
    this.refreshSpeaker();
    if (this.state.call === null || this.session === null || this.sent === null) return;
    const spoken = this.setting.microphone();
    const fresh = spoken ?? silence();
    const track = fresh.getAudioTracks()[0] as MediaStreamTrack;
    track.enabled = !this.state.call.muted;
    this.changeCall({ listenOnly: spoken === null });
    for (const old of this.sent.getTracks()) old.stop();
    this.sent = fresh;
    const sender = this.session.connection?.getSenders().find((one) => one.track?.kind !== "video");
    void sender?.replaceTrack(track);
  }

  // -- registering ----------------------------------------------------------------------------------
  private async connect(): Promise<void> {
    try {
      const credentials = await this.setting.credentials();
      if (this.stopped) return;
      if (this.ua !== null) {
        this.ua.set("password", credentials.password);
        this.ua.register();
        return;
      }
      const ua = new UA({
        sockets: [new WebSocketInterface(this.setting.socketUrl)],
        uri: `sip:${credentials.device}@${credentials.domain}`,
        authorization_user: credentials.device,
        password: credentials.password,
        register: true,
        register_expires: REGISTER_SECONDS,
        session_timers: false,
        connection_recovery_min_interval: 1,
        connection_recovery_max_interval: 4,
        user_agent: "callcenter-console",
      });
      this.ua = ua;
      this.listen(ua);
      ua.start();
    } catch (error) {
      this.link("refused", error instanceof Error ? error.message || error.name : String(error));
      this.retryLater();
    }
  }

  private listen(ua: UA): void {
    ua.on("registered", () => {
      this.tries = 0;
      const mended = this.wasLost;
      this.wasLost = false;
      this.link("registered", "");
      // After a reconnect the far side still writes to the dead socket; a re-INVITE moves the dialog.
      if (mended && this.session?.isEstablished()) this.session.renegotiate();
    });
    ua.on("disconnected", (event) => {
      this.wasLost = true;
      if (!this.stopped) this.link("lost", event.reason ?? "");
    });
    ua.on("unregistered", () => {
      if (!this.stopped && this.state.link === "registered") this.link("lost", "unregistered");
    });
    ua.on("registrationFailed", (event) => {
      const code = event.response?.status_code ?? 0;
      this.link("refused", `${String(event.cause ?? "")}${code > 0 ? ` (${code})` : ""}`);
      this.retryLater(CREDENTIAL_CODES.has(code));
    });
    ua.on("newRTCSession", (event: IncomingRTCSessionEvent | OutgoingRTCSessionEvent) => {
      if (String(event.originator) !== "remote") return;
      this.invited(event.session, event.request as IncomingRequest);
    });
  }

  private retryLater(withNewSecret = true): void {
    if (this.stopped || this.retryTimer !== null) return;
    const delay = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(this.tries, 4));
    this.tries += 1;
    this.retryTimer = setTimeout(() => {
      this.retryTimer = null;
      if (withNewSecret || this.ua === null) void this.connect();
      else if (this.ua.isConnected()) this.ua.register();
    }, delay);
  }

  // -- one call -------------------------------------------------------------------------------------
  private invited(session: RTCSession, request: IncomingRequest): void {
    const id = request.getHeader("X-CC-Call-Id") ?? "";
    this.setting.onInvite(id);
    if (this.session !== null) {
      session.terminate({ status_code: 486 });
      return;
    }
    const wish = (request.getHeader("X-CC-Auto-Answer") ?? "").toLowerCase();
    const autoAnswer = !["", "0", "no"].includes(wish);
    this.session = session;
    this.follow(session); // before anybody is told, who may answer at once
    this.change({
      call: {
        id,
        number: session.remote_identity.uri.user ?? "",
        phase: "ringing",
        autoAnswer,
        muted: false,
        listenOnly: false,
      },
    });
    if (wish === "resume") this.answer();
    else if (autoAnswer) this.answerSoon();
    else this.ringSoon(id);
  }

  /** A breath later, so that the caller's record is on the screen before anybody hears the ring. */
  private ringSoon(id: string): void {
    const timer = setTimeout(() => {
      const { ringer, ringVolume } = this.setting.devices();
      this.setting.onRing(id);
      this.stopRing = ring(ringer, ringVolume);
    }, RING_AFTER_MS);
    this.stopRing = () => clearTimeout(timer);
  }

  private answerSoon(): void {
    void playOnce(this.setting.devices().speaker, 0.5, "zip");
    this.answerTimer = setTimeout(() => this.answer(), AUTO_ANSWER_AFTER_MS);
  }

  private follow(session: RTCSession): void {
    const mine = () => this.session === session;
    session.on("peerconnection", ({ peerconnection }) => {
      peerconnection.addEventListener("track", (event) => this.play(event));
    });
    session.on("sdp", (event) => {
      if (event.originator === "local") event.sdp = withRealConnectionAddress(event.sdp);
    });
    let quietTimer: ReturnType<typeof setTimeout> | null = null;
    session.on("icecandidate", (event) => {
      // JsSIP waits for all candidates; one dead STUN server would mean 40 s of silence.
      if (quietTimer !== null) clearTimeout(quietTimer);
      quietTimer = setTimeout(() => event.ready(), GATHER_QUIET_MS);
    });
    session.on("confirmed", () => {
      if (mine()) this.up(session);
    });
    session.on("accepted", () => {
      if (mine()) this.up(session);
    });
    const over = () => {
      if (mine()) this.callGone();
    };
    session.on("failed", over);
    session.on("ended", over);
  }

  private up(session: RTCSession): void {
    this.quiet();
    this.changeCall({ phase: "up" });
    if (this.statistics !== null) return;
    let before: MediaCounters | null = null;
    this.statistics = setInterval(() => {
      const { connection } = session;
      if (!connection) return;
      void readCounters(connection).then((after) => {
        if (before !== null && this.session === session) {
          this.change({ quality: qualityBetween(before, after) });
        }
        before = after;
      });
    }, STATISTICS_MS);
  }

  private play(event: RTCTrackEvent): void {
    this.player.srcObject = event.streams[0] ?? new MediaStream([event.track]);
    this.player.autoplay = true;
    this.refreshSpeaker();
    void this.player.play().catch(() => undefined);
  }

  private quiet(): void {
    this.stopRing?.();
    this.stopRing = null;
    clearTimeout(this.answerTimer ?? undefined);
    this.answerTimer = null;
  }

  private callGone(): void {
    this.quiet();
    clearInterval(this.statistics ?? undefined);
    this.statistics = null;
    for (const track of this.sent?.getTracks() ?? []) track.stop();
    this.sent = null;
    this.session = null;
    this.player.srcObject = null;
    this.change({ call: null, quality: null });
  }

  private link(link: PhoneLink, reason: string): void {
    const since = link === this.state.link ? this.state.since : Date.now();
    this.change({ link, reason, since });
  }

  private changeCall(part: Partial<PhoneCall>): void {
    if (this.state.call !== null) this.change({ call: { ...this.state.call, ...part } });
  }

  private change(part: Partial<PhoneState>): void {
    this.state = { ...this.state, ...part };
    this.setting.onState(this.state);
  }
}
