// The sound devices of this computer, kept current while they are plugged in and pulled out.
import { useEffect, useState } from "react";

export interface SoundDevice {
  id: string;
  label: string;
}

export interface SoundDevices {
  inputs: SoundDevice[];
  outputs: SoundDevice[];
}

const NONE: SoundDevices = { inputs: [], outputs: [] };

async function listDevices(): Promise<SoundDevices> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  const of = (kind: MediaDeviceKind) =>
    all
      .filter((device) => device.kind === kind && device.deviceId !== "")
      .map((device) => ({
        id: device.deviceId,
        label: device.label || device.deviceId.slice(0, 8),
      }));
  return { inputs: of("audioinput"), outputs: of("audiooutput") };
}

/** `permitted` tells when names may be read: the browser hides them before. */
export function useSoundDevices(permitted: boolean): SoundDevices {
  const [devices, setDevices] = useState(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: names appear once permission is given
  useEffect(() => {
    let current = true;
    const refresh = () => {
      void listDevices().then((found) => current && setDevices(found));
    };
    refresh();
    navigator.mediaDevices?.addEventListener?.("devicechange", refresh);
    return () => {
      current = false;
      navigator.mediaDevices?.removeEventListener?.("devicechange", refresh);
    };
  }, [permitted]);
  return devices;
}
