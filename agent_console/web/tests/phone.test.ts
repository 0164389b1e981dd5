import { describe, expect, it } from "vitest";
import { grade, type MediaCounters, qualityBetween } from "@/wire/phone/quality";
import { withRealConnectionAddress } from "@/wire/phone/sdp";

const counters = (part: Partial<MediaCounters>): MediaCounters => ({
  at: 0,
  packetsReceived: 0,
  packetsLost: 0,
  packetsSent: 0,
  jitterSeconds: 0,
  roundTripSeconds: 0,
  energyIn: 0,
  ...part,
});

describe("sound quality", () => {
  it("is good on a clean line and worse with loss and delay", () => {
    const clean = qualityBetween(
      counters({}),
      counters({ packetsReceived: 100, jitterSeconds: 0.002 }),
    );
    const lossy = qualityBetween(counters({}), counters({ packetsReceived: 90, packetsLost: 10 }));
    const far = qualityBetween(
      counters({}),
      counters({ packetsReceived: 100, roundTripSeconds: 0.9, jitterSeconds: 0.08 }),
    );
    expect(clean.mos).toBeGreaterThan(4.2);
    expect(grade(clean)).toBe("good");
    expect(lossy.lossPercent).toBeCloseTo(10);
    expect(lossy.mos).toBeLessThan(clean.mos);
    expect(far.mos).toBeLessThan(3.1);
    expect(grade(far)).toBe("bad");
  });

  it("counts the period between two readings, not the whole call", () => {
    const before = counters({ packetsReceived: 1000, packetsLost: 500 });
    const after = counters({ packetsReceived: 1100, packetsLost: 500 });
    expect(qualityBetween(before, after).lossPercent).toBe(0);
  });

  it("says so when nothing arrives at all", () => {
    const quality = qualityBetween(counters({}), counters({}));
    expect(quality.silentLink).toBe(true);
    expect(grade(quality)).toBe("bad");
  });
});

describe("our SDP", () => {
  const sdp = (address: string, candidate = "") =>
    ["v=0", `c=IN IP4 ${address}`, "m=audio 9 UDP/TLS/RTP/SAVPF 111", candidate, ""].join("\r\n");

  it("never says 0.0.0.0, which reads as hold", () => {
    const candidate = "a=candidate:1 1 udp 2122260223 10.1.2.3 40000 typ host";
    expect(withRealConnectionAddress(sdp("0.0.0.0", candidate))).toBe(sdp("10.1.2.3", candidate));
    const hidden = "a=candidate:1 1 udp 2122260223 3f.local 40000 typ host";
    expect(withRealConnectionAddress(sdp("0.0.0.0", hidden))).toBe(sdp("192.0.2.1", hidden));
  });

  it("is left alone where the address is real", () => {
    expect(withRealConnectionAddress(sdp("10.9.9.9"))).toBe(sdp("10.9.9.9"));
  });
});
