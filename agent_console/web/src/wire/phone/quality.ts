// From what getStats counts to one figure for a person: MOS by the E-model's common simplification
// (ITU-T G.107, with Cole and Rosenbluth's loss term for G.711). Pure.

/** Counters of one moment; cumulative since the call began, times in seconds. */
export interface MediaCounters {
  at: number;
  packetsReceived: number;
  packetsLost: number;
  packetsSent: number;
  jitterSeconds: number;
  roundTripSeconds: number;
  energyIn: number;
}

export interface MediaQuality {
  /** 1 (bad) to 4.5 (as good as the telephone gets). */
  mos: number;
  lossPercent: number;
  jitterMs: number;
  roundTripMs: number;
  /** Packets of the period. */
  received: number;
  lost: number;
  /** Nothing at all arrived in the period. */
  silentLink: boolean;
}

export function qualityBetween(before: MediaCounters, after: MediaCounters): MediaQuality {
  const received = Math.max(0, after.packetsReceived - before.packetsReceived);
  const lost = Math.max(0, after.packetsLost - before.packetsLost);
  const expected = received + lost;
  const loss = expected === 0 ? 0 : lost / expected;
  const jitterMs = after.jitterSeconds * 1000;
  const roundTripMs = after.roundTripSeconds * 1000;
  return {
    mos: received === 0 ? 1 : mos(loss, jitterMs, roundTripMs),
    lossPercent: loss * 100,
    jitterMs,
    roundTripMs,
    received,
    lost,
    silentLink: received === 0,
  };
}

function mos(loss: number, jitterMs: number, roundTripMs: number): number {
  const delay = roundTripMs / 2 + jitterMs * 2 + 10;
  const delayCost = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const r = Math.max(0, Math.min(100, 93.2 - delayCost - 30 * Math.log(1 + 15 * loss)));
  return Math.max(1, Math.min(4.5, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6));
}

export type QualityGrade = "good" | "fair" | "bad";

export function grade(quality: MediaQuality): QualityGrade {
  if (quality.silentLink || quality.mos < 3.1) return "bad";
  return quality.mos < 3.8 ? "fair" : "good";
}

export async function readCounters(connection: RTCPeerConnection): Promise<MediaCounters> {
  const counters: MediaCounters = {
    at: Date.now() / 1000,
    packetsReceived: 0,
    packetsLost: 0,
    packetsSent: 0,
    jitterSeconds: 0,
    roundTripSeconds: 0,
    energyIn: 0,
  };
  for (const report of (await connection.getStats()).values()) {
    if (report.type === "inbound-rtp" && report.kind === "audio") {
      counters.packetsReceived += report.packetsReceived ?? 0;
      counters.packetsLost += report.packetsLost ?? 0;
      counters.jitterSeconds = report.jitter ?? 0;
      counters.energyIn += report.totalAudioEnergy ?? 0;
    } else if (report.type === "outbound-rtp" && report.kind === "audio") {
      counters.packetsSent += report.packetsSent ?? 0;
    } else if (report.type === "remote-inbound-rtp") {
      counters.roundTripSeconds = report.roundTripTime ?? 0;
    }
  }
  return counters;
}
