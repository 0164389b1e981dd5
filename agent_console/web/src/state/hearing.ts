// The supervisor's ear in this tab: which call it is at, and its phone. How he is at the call, and whether,
// the server's row says (`hearers`); here is only what the browser does for it.
import { create } from "zustand";
import {
  beginHearing,
  changeHearing,
  type HearingMode,
  stopHearing,
  takeOverCall,
} from "@/wire/hearing";
import type { EarPhone } from "@/wire/phone/ear_phone";
import { microphoneError } from "@/wire/phone/microphone";
import { usePreferences } from "./preferences";

export type EarPhase = "none" | "joining" | "up";

interface Ear {
  phase: EarPhase;
  call: string;
  muted: boolean;
  speaking: boolean;
}

const NONE: Ear = { phase: "none", call: "", muted: false, speaking: false };
export const useEar = create<Ear>(() => NONE);
const { setState: set } = useEar;

let phone: EarPhone | null = null;
const socketUrl = () => `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/sip`;

/** A microphone that may not be opened; `code` as in `wire/phone/microphone`. */
export class NoMicrophone extends Error {
  constructor(readonly code: ReturnType<typeof microphoneError>) {
    super(code);
    this.name = "NoMicrophone";
  }
}

/** Resolves when the phone dials; `lost` is called when the line fails before it is up. */
export async function hear(
  call: string,
  mode: HearingMode,
  lost: (reason: string) => void,
): Promise<void> {
  drop();
  set({ ...NONE, phase: "joining", call });
  try {
    const { EarPhone: Phone } = await import("@/wire/phone/ear_phone");
    // Made while the click still counts: without one a browser lets nothing be heard.
    const made = new Phone(socketUrl(), (phase, reason) => {
      if (phone !== made) return;
      if (phase === "up") {
        set({ phase: "up" });
        if (mode !== "listen") void speak().catch(() => undefined);
      } else if (phase !== "ringing") {
        if (phase === "failed") lost(reason);
        phone = null;
        set(NONE);
      }
    });
    phone = made;
    made.listen(await beginHearing(call, mode));
  } catch (error) {
    phone = null;
    set(NONE);
    throw error;
  }
}

/** Opens the microphone first: who may not speak stays a listener. */
export async function change(mode: HearingMode): Promise<void> {
  if (mode !== "listen") await speak();
  await changeHearing(mode);
  if (mode === "listen") await beSilent();
}

export async function takeOver(): Promise<void> {
  await speak();
  await takeOverCall();
}

export async function leave(): Promise<void> {
  await stopHearing();
  drop();
}

export function muteEar(muted: boolean): void {
  phone?.mute(muted);
  set({ muted });
}

export const earLevel = (): number => phone?.level() ?? 0;

async function speak(): Promise<void> {
  if (phone === null) return;
  try {
    await phone.speak(usePreferences.getState().devices.microphone);
  } catch (error) {
    throw new NoMicrophone(microphoneError(error));
  }
  phone.mute(false);
  set({ speaking: true, muted: false });
}

async function beSilent(): Promise<void> {
  await phone?.beSilent();
  set({ speaking: false, muted: false });
}

/** Only the browser's end. */
export function drop(): void {
  const before = phone;
  phone = null;
  set(NONE);
  before?.hangUp();
}
