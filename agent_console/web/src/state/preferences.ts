// What a person chose for this browser: devices, volume, which phone. Kept in localStorage; a broken
// or forbidden store means defaults, never an error. No secrets in here.
import { create } from "zustand";
import type { Devices } from "@/wire/phone/phone";

export type PhoneKind = "browser" | "desk";

export interface Preferences {
  devices: Devices;
  phone: PhoneKind;
}

const KEY = "cc-preferences";
const DEFAULTS: Preferences = {
  devices: { microphone: "", speaker: "", ringer: "", ringVolume: 0.6 },
  phone: "browser",
};

export function read(storage: Storage | undefined, key: string): unknown {
  try {
    return JSON.parse(storage?.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

export function write(storage: Storage | undefined, key: string, value: unknown): void {
  try {
    if (value === null) storage?.removeItem(key);
    else storage?.setItem(key, JSON.stringify(value));
  } catch {
    // Full or forbidden: the choice holds for this page only.
  }
}

export function preferencesFrom(stored: unknown): Preferences {
  const bag = (typeof stored === "object" && stored !== null ? stored : {}) as Partial<Preferences>;
  const devices = { ...DEFAULTS.devices };
  for (const name of ["microphone", "speaker", "ringer"] as const) {
    const value = bag.devices?.[name];
    if (typeof value === "string") devices[name] = value;
  }
  const volume = bag.devices?.ringVolume;
  if (typeof volume === "number" && volume >= 0 && volume <= 1) devices.ringVolume = volume;
  return { devices, phone: bag.phone === "desk" ? "desk" : "browser" };
}

export const usePreferences = create<Preferences>(() =>
  preferencesFrom(read(globalThis.localStorage, KEY)),
);

export function chooseDevices(part: Partial<Devices>): void {
  usePreferences.setState((state) => ({ devices: { ...state.devices, ...part } }));
  write(globalThis.localStorage, KEY, usePreferences.getState());
}

export function choosePhone(phone: PhoneKind): void {
  usePreferences.setState({ phone });
  write(globalThis.localStorage, KEY, usePreferences.getState());
}
