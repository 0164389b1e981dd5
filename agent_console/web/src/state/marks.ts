// Moments for measuring how fast the record is on the screen: written to the browser's performance
// timeline and to window.__marks, where a test or `scripts/bench` reads them. Bounded.

export interface Mark {
  name: "offer-row" | "sip-invite" | "pop-painted" | "ring";
  call: string;
  /** Milliseconds since the UNIX epoch, with fractions. */
  at: number;
}

declare global {
  interface Window {
    __marks?: Mark[];
  }
}

const KEPT = 1_000;

export function mark(name: Mark["name"], call: string): void {
  performance.mark(name, { detail: { call } });
  const marks = window.__marks ?? [];
  marks.push({ name, call, at: performance.timeOrigin + performance.now() });
  if (marks.length > KEPT) {
    marks.splice(0, marks.length - KEPT);
    performance.clearMarks(name);
  }
  window.__marks = marks;
}

/**
 * Marks when the frame that holds the present change has been handed to the screen: a message posted
 * in the animation frame is delivered after that frame's painting.
 */
export function markPainted(call: string): () => void {
  const channel = new MessageChannel();
  channel.port1.onmessage = () => {
    mark("pop-painted", call);
    channel.port1.close();
  };
  const frame = requestAnimationFrame(() => channel.port2.postMessage(null));
  return () => cancelAnimationFrame(frame);
}
