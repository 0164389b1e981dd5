"""Makes flows and callers out of a source of chance: for the fuzz tests and the long run of the
benchmark. `tidy` flows are drawn so that many of them have no mistake; the others have any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from ivr.asks import (
    Answer,
    Ask,
    Disconnect,
    Enqueue,
    Found,
    LeaveMessage,
    LookUp,
    Outcome,
    Overflowed,
    Play,
    Played,
    Record,
    Recorded,
    Served,
    Transfer,
    Transferred,
)
from ivr.calendar import Calendar
from ivr.flow import Flow, Node
from ivr.graph import reachable
from ivr.nodes import KINDS
from ivr.session import ASKS_MAX, Session

PROMPTS = ("hello", "menu", "bye")
VARIABLES = ("a", "b", "found")
EXPRESSIONS = (
    "a == 1",
    "size(caller_number) > 3",
    "customer_vip",
    "b > 2 && a < 3",
    "found.x == 'y'",
    "language == 'zh'",
    "weekday < 6",
    "a + 1",
    "'text'",
    "1 / 0 == 1",
    "has(found.x)",
    "closed_reason",
    "[1, 2].exists(i, i == a)",
    "time >= '09:00'",
)
SPEECHES: tuple[object, ...] = (
    "hello",
    "menu",
    ["hello", {"number": "a"}],
    [{"digits": "caller_number"}],
    [{"text": {"en": "{a} and {found.x}", "zh": "{a}"}}],
    [{"money": "b", "currency": "CNY"}, {"date": "date"}, {"time": "time"}],
)

Make = Callable[[Random], dict[str, object]]


def _pick(rnd: Random, *values: object) -> object:
    return values[rnd.randrange(len(values))]


def _speech(rnd: Random) -> object:
    return _pick(rnd, *SPEECHES)


def _expression(rnd: Random) -> object:
    return _pick(rnd, *EXPRESSIONS)


def _asking(rnd: Random) -> dict[str, object]:
    return {
        "prompt": _speech(rnd),
        "retries": rnd.randrange(3),
        "timeout_prompt": _speech(rnd),
        "label": "x",
    }


def _collect(rnd: Random) -> dict[str, object]:
    out = {**_asking(rnd), "variable": _pick(rnd, *VARIABLES), "digits_max": rnd.randint(4, 12)}
    out["what"] = _pick(rnd, "digits", "date", "amount", "phone")
    if rnd.random() < 0.3:
        out["valid_when"] = _pick(rnd, "size(value) > 2", "value != a", "value > 100.0")
    if rnd.random() < 0.3:
        out["confirm_prompt"] = [{"text": "{value}"}]
    if rnd.random() < 0.2:
        out["luhn"] = True
    out["date_format"] = _pick(rnd, "YYYYMMDD", "MMDD", "DDMM")
    return out


def _hours(rnd: Random) -> dict[str, object]:
    if rnd.random() < 0.5:
        return {"calendar": _pick(rnd, "office", "office", "nowhere")}
    return {"week": {"mon-fri": "09:00-12:00, 13:00-18:00", "sun": "closed"}}


SETTINGS: Mapping[str, Make] = {
    "play": lambda rnd: {"prompt": _speech(rnd)},
    "say": lambda rnd: {"value": _expression(rnd), "as": _pick(rnd, "number", "text", "digits")},
    "menu": lambda rnd: {
        **_asking(rnd),
        "choices": {str(key): "" for key in range(rnd.randint(1, 4))},
        "operator_key": "#",
        "back_key": "*",
        "repeat_key": "9",
    },
    "language": lambda rnd: {"prompt": "menu", "choices": {"1": "en", "2": "zh"}},
    "collect": _collect,
    "hours": _hours,
    "set": lambda rnd: {
        "assign": {str(_pick(rnd, *VARIABLES)): _expression(rnd) for _ in range(rnd.randint(1, 2))}
    },
    "condition": lambda rnd: {"when": _expression(rnd)},
    "switch": lambda rnd: {"cases": {"one": _expression(rnd), "two": _expression(rnd)}},
    "split": lambda rnd: {"shares": {"left": 30, "right": 70}},
    "milestone": lambda rnd: {"name": "m"},
    "lookup": lambda rnd: {"source": "s", "with": {"x": _expression(rnd)}, "into": "found"},
    "http": lambda rnd: {
        "url": "https://api.example.com/{a}/{caller_number}",
        "query": {"q": _expression(rnd)},
        "take": {"a": "/a", "found": "/f/0"},
    },
    "text": lambda rnd: {"text": {"en": "{a}", "zh": "{b}"}},
    "estimate": lambda rnd: {"queue": "q", "over_seconds": 60},
    "callback": lambda rnd: {
        **_asking(rnd),
        "queue": "q",
        "other_prompt": _pick(rnd, "menu", "hello"),
        "booked_prompt": "bye",
    },
    "survey": lambda rnd: {**_asking(rnd), "question": "csat"},
    "record": lambda rnd: {"name": "r", "prompt": _speech(rnd)},
    "queue": lambda rnd: {"queue": "q", "language_skill": rnd.randrange(3)},
    "voicemail": lambda rnd: {"box": "main"},
    "hangup": lambda rnd: {"reason": "done"},
    "transfer": lambda rnd: {"number_from": _pick(rnd, "caller_number", "a")},
    "return": lambda rnd: {},
}


def random_flow(rnd: Random, *, tidy: bool) -> Flow:
    """Up to 14 nodes. Tidy: ways that need no act lead forward, nothing dangles, and variables are
    mostly declared; nodes that nobody gets to are taken out."""
    count = rnd.randint(1, 14)
    ids = [f"n{place}" for place in range(count)]
    nodes = {}
    for place, node_id in enumerate(ids):
        last = tidy and place == count - 1
        kind = str(_pick(rnd, "queue", "hangup")) if last else str(_pick(rnd, *SETTINGS))
        node = Node(node_id, kind, SETTINGS[kind](rnd))
        nodes[node_id] = Node(node_id, kind, node.settings, _ports(rnd, node, ids, place, tidy))
    flow = Flow(
        "fuzz",
        "Fuzz",
        start="n0",
        nodes=nodes,
        languages=("en", "zh"),
        prompts={prompt: {"en": prompt, "zh": prompt} for prompt in PROMPTS},
        fallback=str(_pick(rnd, "", "q")),
        timezone="Asia/Shanghai",
        calendars={"office": Calendar(week={"mon-sun": "08:00-20:00"}, country="CN")},
        variables=_declared(rnd, tidy),
    )
    if not tidy:
        return flow
    seen = reachable(flow)
    kept = {node_id: node for node_id, node in nodes.items() if node_id in seen}
    return Flow(**{**{name: getattr(flow, name) for name in flow.__slots__}, "nodes": kept})


def _declared(rnd: Random, tidy: bool) -> dict[str, object]:
    if tidy and rnd.random() < 0.7:
        return {"a": 1, "b": 2.5, "found": {"x": "y"}, "closed_reason": ""}
    return {name: _pick(rnd, 1, "s", None, True) for name in VARIABLES if rnd.random() < 0.3}


def _ports(rnd: Random, node: Node, ids: list[str], place: int, tidy: bool) -> dict[str, str]:
    out = {}
    for port in KINDS[node.kind].ports_of(node):
        if port.optional and rnd.random() < 0.5:
            continue
        if not tidy:
            if rnd.random() < 0.9:
                out[port.name] = str(_pick(rnd, *ids, "nowhere"))
        elif port.acts:
            out[port.name] = str(_pick(rnd, *ids))
        else:
            out[port.name] = ids[rnd.randint(place + 1, len(ids) - 1)]
    return out


# -- callers ------------------------------------------------------------------------------------
def random_caller(rnd: Random) -> dict[str, object]:
    """What is known of a call; now and then something is not."""
    known: dict[str, object] = {
        "caller_number": _pick(rnd, "+8613800138000", "", "anonymous", "x" * 100),
        "customer_vip": rnd.random() < 0.5,
        "language": _pick(rnd, "en", "zh", "fr", ""),
        "did": "400",
    }
    return {name: value for name, value in known.items() if rnd.random() < 0.9}


def random_answer(rnd: Random, ask: Ask) -> Answer:
    """A fitting answer most of the time; else any, as after a lost event."""
    if rnd.random() < 0.05:
        return _any_answer(rnd)
    match ask:
        case Play(collect=None):
            return Played(outcome="missing" if rnd.random() < 0.1 else "done")
        case Play():
            keys = "".join(rnd.choice("0123456789*#") for _ in range(rnd.choice((0, 1, 1, 4, 8))))
            return Played(keys, "done" if keys else "timeout")
        case LookUp():
            return _found(rnd)
        case Record():
            return Recorded(rnd.choice((0.0, 5.0)), rnd.random() < 0.1)
        case Transfer():
            return Transferred(rnd.choice(("answered", "busy", "no-answer", "failed")))
        case _:
            return Overflowed("full")


def _found(rnd: Random) -> Answer:
    values: tuple[Mapping[str, object], ...] = (
        {},
        {"x": "y"},
        {"status": 200, "body": {"a": 1, "f": [2]}},
        {"status": 200, "body": [1]},
        {"status": "odd", "body": None},
        {"status": 500},
        {"estimate_seconds": 100.5, "waiting": 3, "agents": 2},
        {"estimate_seconds": "soon", "agents": 0},
        {"big": "x" * 30_000},
        {"nan": float("nan")},
        {"odd": {1, 2}},
        {"deep": [[[[[[[[1]]]]]]]]},
    )
    return Found(values[rnd.randrange(len(values))], rnd.choice(("", "", "timeout")))


def _any_answer(rnd: Random) -> Answer:
    answers: tuple[Answer, ...] = (
        Played("99999999999999999999999"),
        Played("一"),
        Found({}, "lost"),
        Recorded(-1.0),
        Transferred("failed"),
        Overflowed(""),
    )
    return answers[rnd.randrange(len(answers))]


def is_outcome(ask: Ask) -> bool:
    return isinstance(ask, (Enqueue, LeaveMessage, Disconnect))


def lead_through(
    rnd: Random, session: Session, now: float, answers: int = 40, overflows: int = 3
) -> Outcome:
    """A random caller who falls silent after some answers. Returns where the call ended; raises
    AssertionError when it does not end."""
    ask = session.start(now)
    for turn in range(ASKS_MAX + 10):
        now += 1.0
        if isinstance(ask, (LeaveMessage, Disconnect)):
            return ask
        if isinstance(ask, Enqueue):
            if overflows == 0 or rnd.random() < 0.5:
                return ask
            overflows -= 1
            ask = session.answer(rnd.choice((Overflowed("full"), Served())), now)
        else:
            silent = Played("", "timeout")
            ask = session.answer(random_answer(rnd, ask) if turn < answers else silent, now)
    raise AssertionError("the call came to no end")
