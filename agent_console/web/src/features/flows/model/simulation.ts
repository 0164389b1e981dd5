// What a simulated call has come to, as plain values: what to light on the canvas, and the test case
// that would repeat it.
import type { Tried, TryStep } from "@/wire/flows";
import type { Lit } from "./editor";
import type { TestCase } from "./flow";

export function litBy(tried: Tried): Lit {
  const nodes = new Set<string>();
  const ways = new Set<string>();
  for (const { node, passed } of tried.turns) {
    // A node inside a sub-flow is the calling node here.
    nodes.add(node.split(".")[0] ?? node);
    for (const [from, port] of passed) {
      nodes.add(from.split(".")[0] ?? from);
      ways.add(`${from}/${port}`);
    }
  }
  return { nodes, ways, at: tried.turns.at(-1)?.node.split(".")[0] ?? "" };
}

function caseStep({ kind, value }: TryStep): unknown {
  if (["silence", "overflow", "served"].includes(kind)) return kind;
  if (kind === "error") return { error: String(value ?? "error") };
  return { [kind]: value };
}

function expected({ end, variables: _ }: Tried): Record<string, unknown> {
  if (end?.how === "queue") {
    const skills = end.detail.skills;
    const some = typeof skills === "object" && skills !== null && Object.keys(skills).length > 0;
    return { queue: end.target, ...(some ? { skills } : {}) };
  }
  return end?.how === "voicemail" ? { voicemail: end.target } : { hangup: end?.target ?? "" };
}

/** Null: the call has come to no end that a test could expect. */
export function testFrom(
  tried: Tried,
  told: {
    name: string;
    clock: string;
    caller: string;
    called: string;
    emergency: boolean;
    steps: TryStep[];
  },
): TestCase | null {
  if (tried.end === null || tried.end.how === "abandoned") return null;
  return {
    name: told.name,
    at: told.clock.replace("T", " "),
    ...(told.caller === "" ? {} : { caller: told.caller }),
    ...(told.called === "" ? {} : { did: told.called }),
    ...(told.emergency ? { emergency: true } : {}),
    steps: told.steps.map(caseStep),
    expect: expected(tried),
  };
}
