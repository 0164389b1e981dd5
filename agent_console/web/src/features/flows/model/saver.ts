// Saves the draft: at once in this browser, within two seconds on the server, with the revision it was
// made on. When the server is away it goes on trying; when somebody else has saved, it stops and asks.
import { DraftConflict, saveDraft } from "@/wire/flows";
import { ApiError } from "@/wire/rest";
import { flowNow, useEditor } from "./editor";
import { type Flow, type Json, writeFlow } from "./flow";
import { forget, keep } from "./keeping";

const SAVE_MS = 2_000;
const RETRY_MS = 4_000;

export interface Conflict {
  base: Json;
  theirs: Json;
  revision: number;
  by: string;
}

export class Saver {
  private timer: ReturnType<typeof setTimeout> | null = null;
  private busy: Promise<void> | null = null;
  private saved: Flow;
  private stopped = false;
  private readonly unsubscribe: () => void;

  constructor(
    private readonly id: string,
    private base: Json,
    public revision: number,
    private readonly onConflict: (conflict: Conflict) => void,
  ) {
    this.saved = flowNow();
    this.unsubscribe = useEditor.subscribe((state, before) => {
      if (state.history.present !== before.history.present) this.changed(state.history.present);
    });
  }

  /** Whether the server has everything. */
  get clean(): boolean {
    return flowNow() === this.saved && this.busy === null;
  }

  /** What is drawn differs from the server's from the beginning (restored from this browser). */
  touch(): void {
    this.saved = { ...this.saved };
    this.changed(flowNow());
  }

  /** Nothing is sent until a conflict has been settled. */
  halt(): void {
    this.stopped = true;
    this.saved = { ...this.saved };
    useEditor.setState({ saving: "conflict" });
  }

  /** Goes on from the state that a conflict ended in. */
  rebase(base: Json, revision: number): void {
    this.base = base;
    this.revision = revision;
    this.stopped = false;
    this.touch();
  }

  /** Everything to the server now. Throws what the server says. */
  async flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    await this.busy;
    if (!this.clean) await this.save();
  }

  close(): void {
    this.unsubscribe();
    if (this.timer !== null) clearTimeout(this.timer);
    if (!this.stopped && !this.clean) void this.save().catch(() => undefined);
    this.stopped = true;
  }

  private changed(flow: Flow): void {
    if (flow.id !== this.id) return;
    const flowJson = writeFlow(flow);
    keep(localStorage, this.id, {
      flow: flowJson,
      base: this.base,
      revision: this.revision,
      at: Date.now(),
    });
    if (this.stopped) return;
    useEditor.setState((state) => (state.saving === "offline" ? state : { saving: "changed" }));
    this.later(SAVE_MS);
  }

  private later(milliseconds: number): void {
    if (this.timer !== null) return;
    this.timer = setTimeout(() => {
      this.timer = null;
      void this.save().catch(() => undefined);
    }, milliseconds);
  }

  private save(): Promise<void> {
    this.busy ??= this.send().finally(() => {
      this.busy = null;
      if (!this.stopped && flowNow().id === this.id && flowNow() !== this.saved)
        this.later(SAVE_MS);
    });
    return this.busy;
  }

  private async send(): Promise<void> {
    const flow = flowNow();
    if (flow.id !== this.id) return;
    const json = writeFlow(flow);
    useEditor.setState({ saving: "saving" });
    try {
      this.revision = await saveDraft(this.id, json, this.revision);
      this.base = json;
      this.saved = flow;
      if (flowNow() === flow) {
        forget(localStorage, this.id);
        useEditor.setState({ saving: "saved" });
      }
    } catch (problem) {
      this.failed(problem);
      throw problem;
    }
  }

  private failed(problem: unknown): void {
    if (problem instanceof DraftConflict) {
      this.stopped = true;
      useEditor.setState({ saving: "conflict" });
      this.onConflict({
        base: this.base,
        theirs: problem.theirs,
        revision: problem.revision,
        by: problem.by,
      });
      return;
    }
    const away = problem instanceof ApiError && (problem.status === 0 || problem.status >= 500);
    useEditor.setState({ saving: away ? "offline" : "refused" });
    this.later(RETRY_MS);
  }
}
