// Which tab is the phone: a Web Lock says so. Two registered tabs would steal each other's calls
// without a word, so all others wait in line and show whom they wait for. "Move phone here" steals the
// lock; the tab that lost it stops its phone and waits in line again. Tabs that wait are remote controls:
// they see what the phone does, and their buttons act on it.
import { create } from "zustand";
import type { PhoneCall } from "@/wire/phone/phone";

const LOCK = "cc-phone";
const CHANNEL = "cc-phone";
const LABEL_PAGE_MAX = 60;

export type Holding = "none" | "waiting" | "mine";

interface TabState {
  /** The call of the phone in another tab: what this tab's buttons control. */
  remote: PhoneCall | null;
  holding: Holding;
  /** What the tab that is the phone calls itself; "" when unknown. */
  holder: string;
}

export const usePhoneTab = create<TabState>(() => ({ remote: null, holding: "none", holder: "" }));

/** What another tab's buttons ask of the phone. */
export type Deed =
  | { do: "mute"; on: boolean }
  | { do: "dtmf"; tone: string }
  | { do: "hangUp"; call: string };

type Word =
  | { kind: "who" }
  | { kind: "here"; label: string }
  | { kind: "answer"; call: string }
  | { kind: "deed"; deed: Deed }
  | { kind: "leg"; leg: PhoneCall | null };

export interface TabEvents {
  /** The phone is this tab's business now. The promise returned to the lock ends with `drop`. */
  onTaken(): void;
  onLost(): void;
  /** Another tab's Answer button. */
  onAnswerAsked(call: string): void;
  onDeed(deed: Deed): void;
  /** A tab has opened and wants to know what the phone does. */
  onAsked(): void;
}

const openedAt = new Date();

function label(): string {
  const time = openedAt.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return `${document.title.slice(0, LABEL_PAGE_MAX)} · ${time}`;
}

export class PhoneTab {
  private channel: BroadcastChannel | null = null;
  private release: (() => void) | null = null;
  private wanted = false;

  constructor(private readonly events: TabEvents) {}

  /** Waits for the phone, and takes it when it is free. */
  want(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.onmessage = (event: MessageEvent<Word>) => this.heard(event.data);
    this.queue(false);
  }

  /** Takes the phone from whichever tab has it. */
  moveHere(): void {
    if (usePhoneTab.getState().holding !== "mine") this.queue(true);
  }

  askAnswer(call: string): void {
    this.channel?.postMessage({ kind: "answer", call } satisfies Word);
  }

  ask(deed: Deed): void {
    this.channel?.postMessage({ kind: "deed", deed } satisfies Word);
  }

  /** The phone here tells the other tabs what it does. */
  tell(leg: PhoneCall | null): void {
    this.channel?.postMessage({ kind: "leg", leg } satisfies Word);
  }

  drop(): void {
    this.wanted = false;
    this.release?.();
    this.release = null;
    this.channel?.close();
    this.channel = null;
    usePhoneTab.setState({ remote: null, holding: "none", holder: "" });
  }

  private queue(steal: boolean): void {
    if (!("locks" in navigator)) {
      // Very old or insecure page: there is no way to know of other tabs.
      this.taken();
      return;
    }
    if (!steal) {
      usePhoneTab.setState({ holding: "waiting" });
      this.channel?.postMessage({ kind: "who" } satisfies Word);
    }
    navigator.locks
      .request(LOCK, { mode: "exclusive", steal }, () => {
        if (!this.wanted || this.release !== null) return undefined;
        return new Promise<void>((done) => {
          this.release = done;
          this.taken();
        });
      })
      .catch(() => this.stolen());
  }

  private taken(): void {
    usePhoneTab.setState({ remote: null, holding: "mine", holder: "" });
    this.channel?.postMessage({ kind: "here", label: label() } satisfies Word);
    this.events.onTaken();
  }

  private stolen(): void {
    this.release = null;
    if (!this.wanted) return;
    this.events.onLost();
    this.queue(false);
  }

  private heard(word: Word): void {
    const { holding } = usePhoneTab.getState();
    if (word.kind === "here") usePhoneTab.setState({ holder: word.label });
    else if (word.kind === "leg") usePhoneTab.setState({ remote: word.leg });
    else if (holding !== "mine") return;
    else if (word.kind === "answer") this.events.onAnswerAsked(word.call);
    else if (word.kind === "deed") this.events.onDeed(word.deed);
    else {
      this.events.onAsked();
      this.channel?.postMessage({ kind: "here", label: label() } satisfies Word);
    }
  }
}
