// What the app knows of the phone in this tab. The library behind it (jssip_phone.ts) can be swapped
// as long as it keeps this. Media facts come from here; whether a call exists is the server's word.
import type { MediaQuality } from "./quality";

export interface PhoneCredentials {
  /** The endpoint's name; also the SIP user. */
  device: string;
  domain: string;
  password: string;
}

export type PhoneLink = "off" | "connecting" | "registered" | "lost" | "refused";
export type PhoneCallPhase = "ringing" | "answering" | "up";

export interface PhoneCall {
  /** The server's call id, from the INVITE's X-CC-Call-Id header; "" when it has none. */
  id: string;
  number: string;
  phase: PhoneCallPhase;
  autoAnswer: boolean;
  muted: boolean;
  listenOnly: boolean;
}

export interface PhoneState {
  link: PhoneLink;
  /** Browser time (ms) since which the link is so. */
  since: number;
  /** Cause as SIP or the browser gave it, e.g. "Authentication Error"; "" when all is well. */
  reason: string;
  call: PhoneCall | null;
  quality: MediaQuality | null;
}

export interface Devices {
  microphone: string;
  speaker: string;
  ringer: string;
  ringVolume: number;
}

export interface PhoneSetting {
  socketUrl: string;
  credentials(): Promise<PhoneCredentials>;
  devices(): Devices;
  /** A stream for one call; null: no microphone, listen only. */
  microphone(): MediaStream | null;
  onState(state: PhoneState): void;
  /** An INVITE was read, before anything is done about it. */
  onInvite(call: string): void;
  /** It begins to ring aloud. */
  onRing(call: string): void;
}

export interface Phone {
  start(): void;
  /** Unregisters; a call that is up ends. */
  stop(): void;
  answer(): void;
  hangUp(): void;
  mute(muted: boolean): void;
  dtmf(tone: string): void;
  /** Another speaker, or the chosen one is back: it is heard there at once. */
  refreshSpeaker(): void;
  /** The microphone changed: applied to the call that is up as well. */
  refreshDevices(): void;
}

export const PHONE_OFF: PhoneState = {
  link: "off",
  since: 0,
  reason: "",
  call: null,
  quality: null,
};
