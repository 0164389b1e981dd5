"""How fast callers are led through flows, and how fast a large flow is read and checked.

* A node step is one node entered, whatever it does. `decisions`: flows of set, condition, switch,
  hours and split nodes with expressions, no question between. `menus`: a prompt and a menu by
  turns, each answered. `test_cases`: the example `office` as its test cases go through it, with
  the reading of the case, the making of the session and a picture of the variables at each turn.
* A 500-node flow is read from YAML and checked.
* 10,000 random flows with 10,000 random callers: how often checker and interpreter disagree, and
  how many calls came to no end (both must be 0).

All times are the process's own processor time: others may share the machine.

Run it with `python -m scripts.bench_parts.ivr` from the root of the repository.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from random import Random

import ivr
from ivr.asks import Disconnect, Played
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.linking import link
from ivr.reading import read_flow
from ivr.session import Session
from ivr.trying import try_all
from tests.ivr.random_flows import lead_through, random_caller, random_flow

EXAMPLES = Path(ivr.__file__).parent / "examples"
NOW = 1_800_000_000.0
GOAL_STEPS = 100_000
GOAL_CHECK_MS = 50.0


def _flow(text: str) -> Flow:
    flow, problems = read_flow(text)
    if flow is None:
        raise SystemExit("\n".join(map(str, problems)))
    return flow


def _best(work: Callable[[], int], rounds: int = 5) -> float:
    """Steps a second of processor time, the best of some rounds."""
    figures = []
    for _ in range(rounds):
        began = time.process_time()
        steps = work()
        figures.append(steps / (time.process_time() - began))
    return max(figures)


# -- steps --------------------------------------------------------------------------------------
def decisions_text(blocks: int) -> str:
    """`blocks` times five nodes that decide something."""
    rows = ["id: bench", "variables: {n: 0, tier: gold}", "start: a0", "nodes:"]
    for block in range(blocks):
        after = f"a{block + 1}" if block + 1 < blocks else "end"
        rows += [
            f"  a{block}: {{kind: set, assign: {{n: n + 1}}, next: b{block}}}",
            f"  b{block}: {{kind: condition, when: n > 2 && customer_vip,"
            f" ports: {{yes: c{block}, no: c{block}}}}}",
            f"  c{block}: {{kind: switch, cases: {{gold: tier == 'gold'}},"
            f" ports: {{gold: d{block}, else: d{block}}}}}",
            f"  d{block}: {{kind: hours, week: {{mon-fri: '09:00-18:00'}},"
            f" ports: {{open: e{block}, closed: e{block}}}}}",
            f"  e{block}: {{kind: split, shares: {{x: 50, y: 50}},"
            f" ports: {{x: {after}, y: {after}}}}}",
        ]
    return "\n".join([*rows, "  end: {kind: hangup}"])


def decisions(calls: int) -> int:
    flow = _flow(decisions_text(100))
    for _ in range(calls):
        if not isinstance(Session(flow, {}).start(NOW), Disconnect):
            raise SystemExit("the flow of decisions did not end")
    return calls * len(flow.nodes)


MENUS = """
id: menus
start: hello
prompts: {p: {en: p}}
nodes:
  hello: {kind: play, prompt: p, next: menu}
  menu: {kind: menu, prompt: p, choices: {1: One}, ports: {1: hello, timeout: end}}
  end: {kind: hangup}
"""


def menus(calls: int) -> int:
    flow = _flow(MENUS)
    for _ in range(calls):
        session = Session(flow, {})
        session.start(NOW)
        for _ in range(200):
            session.answer(Played(), NOW)
            session.answer(Played("1"), NOW)
    return calls * 400


def test_cases(rounds: int) -> int:
    flow, survey = (_flow((EXAMPLES / f"{name}.yaml").read_text()) for name in ("office", "survey"))
    linked, _ = link(flow, {"survey": survey})
    steps = 0
    for _ in range(rounds):
        tried = try_all(linked)
        steps += sum(len(result.visits) + 1 for result in tried)
    return steps


# -- a large flow -------------------------------------------------------------------------------
def large_text(nodes: int = 500) -> str:
    """A flow of menus, prompts, decisions and queues in one long way with side ways."""
    rows = [
        "id: large",
        "languages: [en, zh]",
        "variables: {n: 0}",
        "start: m0",
        "prompts: {p: {en: p, zh: p}}",
        "nodes:",
    ]
    blocks = nodes // 5
    for n in range(blocks):
        after = f"m{n + 1}" if n + 1 < blocks else f"q{n}"
        rows += [
            f"  m{n}:",
            "    kind: menu",
            f"    label: Menu {n}",
            "    prompt: p",
            "    invalid_prompt: [p, {number: n}]",
            "    choices: {1: One, 2: Two, 3: Three}",
            f"    ports: {{1: c{n}, 2: s{n}, 3: p{n}, timeout: q{n}}}",
            f"  c{n}: {{kind: condition, when: n > {n} && caller_number.startsWith('+86'),"
            f" ports: {{yes: p{n}, no: {after}}}}}",
            f"  s{n}: {{kind: set, assign: {{n: n + 1, last: \"'m{n}'\"}}, next: {after}}}",
            f"  p{n}:",
            "    kind: say",
            f"    text: {{en: 'Step {n} of {{n}}', zh: '第 {n} 步，共 {{n}}'}}",
            f"    next: q{n}",
            f"  q{n}: {{kind: queue, queue: support, language_skill: 5}}",
        ]
    return "\n".join(rows)


def large() -> dict[str, float]:
    """Milliseconds, the best of some rounds; the first check also compiles the expressions."""
    text = large_text()
    read, checked = [], []
    for _ in range(7):
        began = time.process_time()
        flow = _flow(text)
        middle = time.process_time()
        problems = check(flow, Known())
        ended = time.process_time()
        if problems:
            raise SystemExit("\n".join(map(str, problems)))
        read.append((middle - began) * 1000)
        checked.append((ended - middle) * 1000)
    return {
        "nodes": len(flow.nodes),
        "kilobytes": round(len(text) / 1000, 1),
        "first_read_ms": round(read[0], 1),
        "read_ms": round(min(read), 1),
        "first_check_ms": round(checked[0], 1),
        "check_ms": round(min(checked), 1),
    }


# -- fuzz ---------------------------------------------------------------------------------------
def fuzz(count: int = 10_000) -> dict[str, float]:
    """Random flows, random callers, by seed."""
    began = time.process_time()
    sound = disagreements = endless = 0
    for seed in range(count):
        rnd = Random(seed)
        flow = random_flow(rnd, tidy=seed % 2 == 0)
        mistakes = check(flow, Known())
        session = Session(flow, random_caller(rnd))
        try:
            lead_through(rnd, session, NOW)
        except AssertionError:
            endless += 1
        codes = {trouble.code for trouble in session.troubles}
        sound += not mistakes
        disagreements += bool(codes & {"dead-end", "endless", "undefined"}) and not mistakes
    return {
        "flows": count,
        "without_mistakes": sound,
        "disagreements": disagreements,
        "without_outcome": endless,
        "seconds": round(time.process_time() - began, 1),
    }


def run() -> dict[str, object]:
    """All figures as one JSON-able value."""
    steps = {
        "decisions": round(_best(lambda: decisions(40))),
        "menus": round(_best(lambda: menus(50))),
        "test_cases": round(_best(lambda: test_cases(40))),
    }
    return {
        "node_steps_per_second": {**steps, "goal": GOAL_STEPS},
        "large_flow": {**large(), "goal_check_ms": GOAL_CHECK_MS},
        "fuzz": fuzz(),
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
