// The shift of this tab: microphone, phone and login as an agent, started by one button and taken up
// again after a reload. Joins the phone (media) with the console (truth): when the server says that a
// call is over, the phone's leg is ended, whatever SIP thought.
import { create } from "zustand";
import { Microphone, type MicrophoneError, microphoneError } from "@/wire/phone/microphone";
import { PHONE_OFF, type Phone, type PhoneCall, type PhoneState } from "@/wire/phone/phone";
import { readPhone } from "@/wire/rest";
import { command, Refused, useConsole } from "./console";
import { followQuality } from "./leg_quality";
import { isAsked } from "./live";
import { mark } from "./marks";
import { PhoneTab, usePhoneTab } from "./phone_tab";
import { type PhoneKind, read, usePreferences, write } from "./preferences";

const SHIFT_KEY = "cc-shift";
const HANG_UP_LOCALLY_AFTER_MS = 1_500;
const ANSWER_WISH_MS = 5_000;
const RETURN_WITHIN_MS = 10_000;
/** The command may not have got to the server: nothing was refused there. */
const UNHEARD = new Set(["not-sent", "no-answer"]);

interface ShiftState {
  /** null: no shift was started in this browser tab. */
  kind: PhoneKind | null;
  phone: PhoneState;
  microphone: "closed" | "open" | MicrophoneError;
}

export const useShift = create<ShiftState>(() => ({
  kind: null,
  phone: PHONE_OFF,
  microphone: "closed",
}));
const { getState: now, setState: set } = useShift;

export const microphone = new Microphone();
let phone: Phone | null = null;

const tab = new PhoneTab({
  onTaken: () => void beginPhone(),
  onAnswerAsked: (call) => answer(call),
  onDeed: (deed) => {
    if (deed.do === "mute") phone?.mute(deed.on);
    else if (deed.do === "dtmf") phone?.dtmf(deed.tone);
    else if (now().phone.call?.id === deed.call) phone?.hangUp();
  },
  onAsked: () => tab.tell(now().phone.call),
  onLost: () => {
    phone?.stop();
    phone = null;
    set({ phone: PHONE_OFF });
  },
});

/** Opens the microphone with the chosen device; the state says how that went. */
export async function openMicrophone(): Promise<boolean> {
  try {
    const { devices } = usePreferences.getState();
    await microphone.open(devices.microphone, () => void openMicrophone());
    set({ microphone: "open" });
    phone?.refreshDevices();
    return true;
  } catch (error) {
    set({ microphone: microphoneError(error) });
    if (!microphone.isOpen) phone?.refreshDevices();
    return false;
  }
}

/** Something was plugged in or pulled out: what was chosen is used again as soon as it is back, and any
 * microphone is better than none. */
async function devicesChanged(): Promise<void> {
  const { kind, microphone: state } = now();
  if (kind !== "browser" || state === "closed") return;
  phone?.refreshSpeaker();
  const wanted = usePreferences.getState().devices.microphone;
  const found = (await navigator.mediaDevices.enumerateDevices()).filter(
    (one) => one.kind === "audioinput" && one.deviceId !== "",
  );
  const back = wanted !== microphone.device && found.some((one) => one.deviceId === wanted);
  if (back || (!microphone.isOpen && found.length > 0)) await openMicrophone();
}

globalThis.navigator?.mediaDevices?.addEventListener?.("devicechange", () => void devicesChanged());

/** Registers the phone (or waits for the tab that is it). The login is a command of its own. */
export async function readyPhone(kind: PhoneKind): Promise<void> {
  set({ kind });
  if (kind === "desk") {
    // Before the choice the browser may have been made ready: it is the phone no more, and hears nothing.
    stopPhone();
    microphone.close();
    set({ phone: PHONE_OFF, microphone: "closed" });
    return;
  }
  if (!microphone.isOpen) await openMicrophone();
  tab.want();
}

export async function startShift(kind: PhoneKind): Promise<void> {
  await readyPhone(kind);
  await command({ type: "log_in", device: kind });
  write(globalThis.sessionStorage, SHIFT_KEY, kind);
}

/** After a reload: whether a shift was on in this tab, and with which phone. */
export function rememberedShift(): PhoneKind | null {
  const kind = read(globalThis.sessionStorage, SHIFT_KEY);
  return kind === "browser" || kind === "desk" ? kind : null;
}

export async function endShift(): Promise<void> {
  await command({ type: "log_out" });
  dropShift();
}

/** Stops everything of the shift in this tab, without a word to the server. */
export function dropShift(): void {
  write(globalThis.sessionStorage, SHIFT_KEY, null);
  stopPhone();
  microphone.close();
  set({ kind: null, phone: PHONE_OFF, microphone: "closed" });
}

function stopPhone(): void {
  phone?.stop();
  phone = null;
  tab.drop();
}

async function beginPhone(): Promise<void> {
  const { JsSipPhone } = await import("@/wire/phone/jssip_phone");
  if (phone !== null || usePhoneTab.getState().holding !== "mine") return;
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  phone = new JsSipPhone({
    socketUrl: `${scheme}://${location.host}/sip`,
    credentials: readPhone,
    devices: () => usePreferences.getState().devices,
    microphone: () => microphone.copy(),
    onState: phoneChanged,
    onInvite: (call) => mark("sip-invite", call),
    onRing: (call) => mark("ring", call),
  });
  phone.start();
}

/** A page loaded in the middle of a talk has lost its end of it: true until that was looked at. */
let fresh = true;

/** The caller hears music from here until the phone rings again, and is answered without a click. */
function returnToCall(): void {
  const { live } = useConsole.getState();
  if (!fresh || !live.known || live.gap || now().phone.link !== "registered") return;
  fresh = false;
  const lost = Object.values(live.calls).find(
    (row) => row.agent === live.agent && (row.stage === "talking" || row.stage === "held"),
  );
  if (lost === undefined || now().phone.call !== null) return;
  answerWish = { call: lost.call, until: Date.now() + RETURN_WITHIN_MS };
  // Refused: it has ended meanwhile, or is with another by now; the screen shows which.
  command({ type: "return_to_call", call: lost.call }).catch(() => undefined);
}

/** A call the agent wants to answer whose INVITE is not here yet (the screen is often first). */
let answerWish: { call: string; until: number } | null = null;

function phoneChanged(state: PhoneState): void {
  const told = now().phone.call;
  set({ phone: state });
  if (state.call !== told) tab.tell(state.call);
  followQuality(state);
  returnToCall();
  const { call } = state;
  if (call?.phase !== "ringing" || answerWish === null) return;
  if (answerWish.call === call.id && Date.now() < answerWish.until) phone?.answer();
  answerWish = null;
}

// -- what buttons do ------------------------------------------------------------------------------------
/** Answers in the tab that is the phone, now or as soon as it rings. */
export function answer(call: string): void {
  if (usePhoneTab.getState().holding !== "mine") {
    tab.askAnswer(call);
    return;
  }
  const leg = now().phone.call;
  if (leg !== null && (leg.id === call || leg.id === "")) phone?.answer();
  else answerWish = { call, until: Date.now() + ANSWER_WISH_MS };
}
export function mute(muted: boolean): void {
  if (isRemote()) tab.ask({ do: "mute", on: muted });
  else phone?.mute(muted);
}

/** A key towards the far end: by the phone in the browser, else by the server, which may refuse it. */
export async function dtmf(tone: string, call: string): Promise<void> {
  if (isRemote()) tab.ask({ do: "dtmf", tone });
  else if (phone !== null) phone.dtmf(tone);
  else await command({ type: "send_digits", call, digits: tone });
}

/** Another tab is the phone. */
const isRemote = (): boolean =>
  now().kind === "browser" && usePhoneTab.getState().holding === "waiting";

/** The phone's call, in whichever tab the phone is. */
export function useLeg(): PhoneCall | null {
  const here = useShift((state) => state.phone.call);
  const remote = usePhoneTab((state) => (state.holding === "waiting" ? state.remote : null));
  return here ?? remote;
}

/** Take this call oneself; the phone answers it without another click. */
export async function pickUp(call: string): Promise<void> {
  await command({ type: "pick_up", call });
  if (now().kind === "browser") answer(call);
}
export const movePhoneHere = (): void => tab.moveHere();
export const refreshSpeaker = (): void => phone?.refreshSpeaker();

/** A phone that is refused or lost is started anew, with a new secret. */
export function restartPhone(): void {
  if (now().phone.call !== null) return;
  phone?.stop();
  phone = null;
  if (usePhoneTab.getState().holding === "mine") void beginPhone();
}

/** A call that ends as soon as the server can be told: neither it nor the phone has a link. */
let toEnd = "";

/**
 * The server hangs up, so that it knows who did; if it cannot be reached the phone does. Without a link
 * the phone's BYE would be lost and the customer, whom nobody told, be rung back to us: the microphone
 * is closed instead, and the call ended when the link is back. Rejects with `Refused`, also then.
 */
export async function hangUp(call: string): Promise<void> {
  const leg = now().phone.call;
  const locally = () => {
    if (isRemote()) tab.ask({ do: "hangUp", call });
    if (leg !== null && now().phone.call?.id === leg.id) phone?.hangUp();
  };
  try {
    await command({ type: "hang_up", call }, false);
    setTimeout(locally, HANG_UP_LOCALLY_AFTER_MS);
  } catch (error) {
    // While a colleague is asked the phone must not end the talk behind the server's back.
    if (error instanceof Refused && error.code === "consulting") throw error;
    const unheard = error instanceof Refused && UNHEARD.has(error.code);
    if (unheard && leg?.phase === "up" && now().phone.link !== "registered") {
      toEnd = call;
      mute(true);
      throw new Refused("ends-later");
    }
    locally();
    if (leg === null) throw error;
  }
}

useConsole.subscribe(({ live, link, heardAt }) => {
  if (toEnd === "" || link.phase !== "open" || heardAt < link.since || live.gap) return;
  const call = toEnd;
  toEnd = "";
  const row = live.calls[call];
  const goesOn = row?.agent === live.agent && (row.stage === "talking" || row.stage === "held");
  // Refused: it has ended meanwhile; the screen shows how.
  if (goesOn) hangUp(call).catch(() => undefined);
});

/** The stage the server gave last for the phone's call; it must have been ours before it can end. */
let followed: { call: string; ours: boolean } = { call: "", ours: false };

useConsole.subscribe(returnToCall);

useConsole.subscribe(({ live }) => {
  const leg = now().phone.call;
  if (leg === null || leg.id === "" || !live.known || live.gap) return;
  if (followed.call !== leg.id) followed = { call: leg.id, ours: false };
  const row = live.calls[leg.id];
  const ours =
    row !== undefined &&
    (row.agent === live.agent || row.peer === live.agent || isAsked(row, live.agent)) &&
    (row.stage === "offered" ||
      row.stage === "talking" ||
      row.stage === "held" ||
      (row.stage === "dialling" && row.direction !== "in"));
  if (ours) followed.ours = true;
  else if (followed.ours) {
    followed.ours = false;
    // The server ends the leg, and knows when: whom he gave the caller to hangs on it until they are together.
    setTimeout(() => {
      if (now().phone.call?.id === leg.id && !followed.ours) phone?.hangUp();
    }, HANG_UP_LOCALLY_AFTER_MS);
  }
});
