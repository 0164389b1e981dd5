// The console's one websocket: connects, keeps itself alive, reconnects with back-off. It knows
// frames and times, not what a message means (that is state/live.ts). The heartbeat's beat comes from
// a worker, because timers of a hidden tab are slowed down to one a minute.
import type { ClientMessage, ServerMessage } from "./messages";

export type LinkPhase = "idle" | "connecting" | "open" | "waiting" | "signed-out" | "too-many";

export interface LinkState {
  phase: LinkPhase;
  /** Browser time (ms) since which the phase lasts. */
  since: number;
  attempts: number;
  /** Browser time (ms) of the next attempt while waiting. */
  retryAt: number | null;
  reason: string;
}

export interface SocketEvents {
  onMessage(message: ServerMessage): void;
  onState(state: LinkState): void;
}

const HEARTBEAT_MS = 5_000;
const SILENCE_MAX_MS = 16_000;
const BACK_OFF_FIRST_MS = 500;
/** Short, because an agent may be in a call; drawn at random, because all come back together. */
const BACK_OFF_MAX_MS = 4_000;
/** As in the server's wire.CloseCode: these two are not answered by connecting again. */
const SESSION_ENDED = 4401;
const TOO_MANY_CONSOLES = 4409;

export class ConsoleSocket {
  private socket: WebSocket | null = null;
  private worker: Worker | null = null;
  private retry: ReturnType<typeof setTimeout> | null = null;
  private heardAt = 0;
  private attempts = 0;
  private stopped = true;

  /** `url` is asked at each attempt: it says where the picture stopped. */
  constructor(
    private readonly url: () => string,
    private readonly events: SocketEvents,
  ) {}

  start(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.worker = new Worker(new URL("./heartbeat.worker.ts", import.meta.url), { type: "module" });
    this.worker.onmessage = () => this.beat();
    this.worker.postMessage({ everyMs: HEARTBEAT_MS });
    window.addEventListener("online", this.connectNow);
    this.connect();
  }

  stop(): void {
    this.stopped = true;
    window.removeEventListener("online", this.connectNow);
    this.worker?.terminate();
    this.worker = null;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
    this.drop();
    this.say("idle", "");
  }

  /** False when the frame could not be handed to the browser: nothing was sent. */
  send(message: ClientMessage): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  readonly connectNow = (): void => {
    if (this.stopped || this.socket !== null) return;
    if (this.retry !== null) clearTimeout(this.retry);
    this.retry = null;
    this.connect();
  };

  private connect(): void {
    this.retry = null;
    this.attempts += 1;
    this.heardAt = Date.now();
    this.say("connecting", "");
    const socket = new WebSocket(this.url());
    this.socket = socket;
    socket.onopen = () => {
      this.attempts = 0;
      this.heardAt = Date.now();
      this.say("open", "");
    };
    socket.onmessage = (event) => {
      this.heardAt = Date.now();
      this.events.onMessage(JSON.parse(String(event.data)) as ServerMessage);
    };
    socket.onclose = (event) => {
      if (this.socket === socket) this.lost(event.code, event.reason);
    };
  }

  private beat(): void {
    if (this.socket === null) return;
    if (Date.now() - this.heardAt > SILENCE_MAX_MS) {
      this.lost(0, "silence");
      return;
    }
    this.send({ type: "ping" });
  }

  private lost(code: number, reason: string): void {
    this.drop();
    if (this.stopped) return;
    if (code === SESSION_ENDED || code === TOO_MANY_CONSOLES) {
      this.say(code === SESSION_ENDED ? "signed-out" : "too-many", reason);
      return;
    }
    const ceiling = Math.min(BACK_OFF_MAX_MS, BACK_OFF_FIRST_MS * 2 ** Math.min(this.attempts, 6));
    const delay = ceiling * (0.5 + Math.random() / 2);
    this.retry = setTimeout(() => this.connect(), delay);
    this.say("waiting", reason || String(code), Date.now() + delay);
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (socket === null) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  private say(phase: LinkPhase, reason: string, retryAt: number | null = null): void {
    this.events.onState({ phase, since: Date.now(), attempts: this.attempts, retryAt, reason });
  }
}
