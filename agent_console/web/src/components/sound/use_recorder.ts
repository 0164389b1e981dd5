// One recording from the microphone: level while it runs, a blob to listen to afterwards. The microphone
// is let go as soon as the recording ends or the page is left.
import { useCallback, useEffect, useRef, useState } from "react";
import { Microphone, type MicrophoneError, microphoneError } from "@/wire/phone/microphone";

const SECONDS_MAX = 600;
const KINDS = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export interface Recorder {
  state: "idle" | "opening" | "recording" | "done";
  seconds: number;
  sound: Blob | null;
  trouble: MicrophoneError | null;
  level: () => number;
  start: () => void;
  stop: () => void;
  discard: () => void;
}

export function useRecorder(): Recorder {
  const microphone = useRef<Microphone | null>(null);
  const recorder = useRef<MediaRecorder | null>(null);
  const [state, setState] = useState<Recorder["state"]>("idle");
  const [seconds, setSeconds] = useState(0);
  const [sound, setSound] = useState<Blob | null>(null);
  const [trouble, setTrouble] = useState<MicrophoneError | null>(null);

  const release = useCallback(() => {
    for (const track of recorder.current?.stream.getTracks() ?? []) track.stop();
    recorder.current = null;
    microphone.current?.close();
    microphone.current = null;
  }, []);
  const stop = useCallback(() => {
    if (recorder.current?.state === "recording") recorder.current.stop();
  }, []);
  useEffect(() => release, [release]);
  useEffect(() => {
    if (state !== "recording") return;
    const began = Date.now();
    const timer = setInterval(() => {
      const now = (Date.now() - began) / 1000;
      setSeconds(now);
      if (now >= SECONDS_MAX) stop();
    }, 250);
    return () => clearInterval(timer);
  }, [state, stop]);

  const start = useCallback(() => {
    const opened = new Microphone();
    microphone.current = opened;
    setTrouble(null);
    setSound(null);
    setSeconds(0);
    setState("opening");
    const begin = async () => {
      await opened.open("", stop);
      const stream = opened.copy();
      if (microphone.current !== opened || stream === null) return opened.close();
      const kind = KINDS.find((one) => MediaRecorder.isTypeSupported(one));
      const made = new MediaRecorder(stream, kind === undefined ? {} : { mimeType: kind });
      const parts: Blob[] = [];
      made.ondataavailable = ({ data }) => parts.push(data);
      made.onstop = () => {
        setSound(new Blob(parts, { type: made.mimeType }));
        setState("done");
        release();
      };
      recorder.current = made;
      made.start(1000);
      setState("recording");
    };
    begin().catch((error: unknown) => {
      setTrouble(microphoneError(error));
      setState("idle");
      release();
    });
  }, [release, stop]);
  const discard = useCallback(() => {
    setSound(null);
    setState("idle");
  }, []);
  const level = useCallback(() => microphone.current?.level() ?? 0, []);
  return { state, seconds, sound, trouble, level, start, stop, discard };
}
