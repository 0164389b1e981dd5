// Mends one thing in our own offers and answers. Without microphone permission Chrome hides its
// addresses (mDNS) and writes `c=IN IP4 0.0.0.0`; Asterisk reads that as hold (RFC 3264, 8.4) and
// answers one-way. Media goes where ICE says, so any real address in the c= line is right.

/** From RFC 5737: an address that is nobody's, used when the text holds no candidate of IPv4. */
const NOBODYS_ADDRESS = "192.0.2.1";

export function withRealConnectionAddress(sdp: string): string {
  if (!sdp.includes("c=IN IP4 0.0.0.0")) return sdp;
  const candidate = /^a=candidate:\S+ \d+ \S+ \d+ (\d+\.\d+\.\d+\.\d+) /m.exec(sdp);
  const address = candidate?.[1] ?? NOBODYS_ADDRESS;
  return sdp.replaceAll("c=IN IP4 0.0.0.0", `c=IN IP4 ${address}`);
}
