"""Reads a history and says what was wrong in it. Pure; each rule stands alone.

Kinds of entries, and who writes them:

    up, over, failed    telephones outside: a caller's call stands; it ended (`by` caller or centre,
                        `cause`); it never stood. `number` names the caller, each dials once
    seen                an observer of Asterisk that the service does not know of: `event` is line
                        (a caller waits for the service), rings, rang, talks, gone, diverted, boot
    blind               the observer was cut off, `until` when; nobody is blamed for what he missed
    action              what the service sent to Asterisk: `action`, `channel`, `context`, `exten`,
                        `id`
    row, told           the books at the end: interactions, and the lines of their timelines
    agent, left         the floor at the end: every agent; a channel that is still there
    died                the service has ended by itself, with `code`
    fault               a deed of the nemesis

What the books say is compared with what telephones and the observer saw, never with itself.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.faults.history import Entry

GHOST_SECONDS = 1.0
SLACK_SECONDS = 1.0
"""The observer and the telephones are read on a machine that is busy."""
RESTING = frozenset({"available", "paused", "offline", "unreachable"})
"""Unreachable is the truth about who has lost phone or browser; only without a call."""
UNANSWERED = frozenset({"abandoned", "ivr", "refused", "callback"})
KEY_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Wrong:
    """`rule`: which one was broken. `text`: by whom, when."""

    rule: str
    text: str


@dataclass(slots=True)
class Leg:
    """A phone's leg as the observer saw it. `gone` infinite: never seen ending."""

    channel: str
    device: str
    call: str
    rang_at: float
    gone_at: float = float("inf")


@dataclass(slots=True)
class Story:
    """The entries in the order that the rules want."""

    entries: Sequence[Entry]
    rows: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    told: dict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    legs: dict[str, Leg] = field(default_factory=dict)
    talked: dict[str, float] = field(default_factory=dict)
    diverted: dict[str, float] = field(default_factory=dict)
    gone: dict[str, float] = field(default_factory=dict)
    blind: list[tuple[float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for entry in self.entries:
            match entry.what:
                case "row":
                    self.rows[key(entry["number"])].append(entry)
                case "told":
                    self.told[entry["call"]].append(entry)
                case "blind":
                    self.blind.append((entry.at, entry["until"]))
                case "seen":
                    self._see(entry)

    def _see(self, entry: Entry) -> None:
        channel, call = entry.get("channel", ""), entry.get("call", "")
        match entry["event"]:
            case "rings":
                self.legs[channel] = Leg(channel, entry["device"], call, entry.at)
            case "talks" if channel not in self.legs:
                self.talked.setdefault(call, entry.at)
            case "diverted":
                self.diverted.setdefault(call, entry.at)
            case "gone" if channel in self.legs:
                self.legs[channel].gone_at = entry.at
            case "gone" if entry.get("id") == call:
                self.gone[call] = entry.at

    def was_blind(self, begin: float, end: float) -> bool:
        return any(start <= end and begin <= stop for start, stop in self.blind)


def key(number: str) -> str:
    """A caller's number however it is written."""
    return "".join(letter for letter in number if letter.isdigit())[-KEY_DIGITS:]


def check(entries: Sequence[Entry]) -> list[Wrong]:
    """All that is wrong, by rule."""
    story = Story(entries)
    return [wrong for rule in RULES for wrong in rule(story)]


def one_interaction_per_call(story: Story) -> Iterator[Wrong]:
    for entry in story.entries:
        if entry.what == "up":
            rows = story.rows.get(key(entry["number"]), [])
            if len(rows) != 1:
                yield Wrong("one interaction per call", f"{entry['number']} has {len(rows)}")
    ids = Counter(row["call"] for rows in story.rows.values() for row in rows)
    for call, count in ids.items():
        if count > 1:
            yield Wrong("one interaction per call", f"{call} was written for {count} numbers")


def outcome_is_true(story: Story) -> Iterator[Wrong]:
    """Answered means that the two were bridged; not answered, that they were not."""
    for row in (row for rows in story.rows.values() for row in rows):
        call, outcome = row["call"], row["outcome"]
        if story.was_blind(row["began"], row["ended"]):
            continue
        talked = story.talked.get(call)
        if outcome == "answered" and talked is None:
            yield Wrong("one true outcome", f"{call} is answered in the books, yet nobody spoke")
        if outcome in UNANSWERED and talked is not None and call not in story.diverted:
            yield Wrong("one true outcome", f"{call} is {outcome} in the books, yet they spoke")


def nobody_is_dropped(story: Story) -> Iterator[Wrong]:
    """The centre hangs up on nobody who was not served: by an agent, or by a message taken."""
    for entry in story.entries:
        if entry.what == "failed":
            yield Wrong("nobody is dropped", f"{entry['number']} could not get in")
        if entry.what != "over" or entry["by"] != "centre":
            continue
        rows = story.rows.get(key(entry["number"]), [])
        calls = [row["call"] for row in rows]
        served = [call for call in calls if call in story.talked or call in story.diverted]
        excused = any(row["outcome"] in ("node_restart", "ivr") for row in rows)
        began = min((row["began"] for row in rows), default=entry.at)
        if not served and not excused and not story.was_blind(began, entry.at):
            yield Wrong("nobody is dropped", f"the centre hung up on {entry['number']}")


def order_is_kept(story: Story) -> Iterator[Wrong]:
    """Who joined a line earlier is first offered earlier; offers of one moment have no order."""
    lines: dict[str, list[tuple[float, float, str]]] = defaultdict(list)
    for call, told in story.told.items():
        joined = next((each for each in told if each["kind"] == "queued"), None)
        offered = next((each["when"] for each in told if each["kind"] == "offered"), None)
        if joined is not None and offered is not None:
            lines[str(joined.get("queue"))].append((joined["when"], offered, call))
    for queue, line in lines.items():
        latest, first = 0.0, ""
        for _, offered, call in sorted(line):
            if offered < latest:
                yield Wrong("order is kept", f"{call} overtook {first} in {queue}")
            else:
                latest, first = offered, call


def no_agent_is_offered_twice(story: Story) -> Iterator[Wrong]:
    by_device: dict[str, list[Leg]] = defaultdict(list)
    for leg in story.legs.values():
        by_device[leg.device].append(leg)
    for device, legs in by_device.items():
        legs.sort(key=lambda leg: leg.rang_at)
        for earlier, later in itertools.pairwise(legs):
            unseen = story.was_blind(earlier.rang_at, later.rang_at)
            if earlier.gone_at > later.rang_at and not unseen:
                text = f"{device} rang for {later.call} while it had {earlier.call}"
                yield Wrong("no agent is offered two calls", text)


def nothing_is_sent_twice(story: Story) -> Iterator[Wrong]:
    sent: Counter[tuple[str, ...]] = Counter()
    for entry in story.entries:
        if entry.what == "action" and entry["action"] == "Redirect":
            if entry["context"] in ("connect", "handover", "transfer", "outside"):
                sent["Redirect", entry["channel"], entry["exten"]] += 1
        elif entry.what == "action" and entry["action"] == "Originate":
            sent["Originate", entry["id"]] += 1
    for words, count in sent.items():
        if count > 1:
            yield Wrong("nothing is sent twice", f"{' '.join(words)}: {count} times")


def no_ghosts(story: Story) -> Iterator[Wrong]:
    """A phone does not go on for a caller who has gone, and at the end no channel is left."""
    for leg in story.legs.values():
        over = story.gone.get(leg.call)
        if over is None or story.was_blind(over, over + GHOST_SECONDS):
            continue
        late = leg.gone_at - max(over, leg.rang_at)
        if late > GHOST_SECONDS + SLACK_SECONDS:
            yield Wrong("no ghosts", f"{leg.channel} went on {late:.1f} s without {leg.call}")
    for entry in story.entries:
        if entry.what == "left":
            yield Wrong("no ghosts", f"{entry['channel']} is left over")


def nobody_is_stuck(story: Story) -> Iterator[Wrong]:
    for entry in story.entries:
        if entry.what == "agent" and (entry["state"] not in RESTING or entry.get("call")):
            text = f"{entry['agent']} is {entry['state']} with {entry.get('call')}"
            yield Wrong("no agent is stuck", text)


def timelines_are_whole(story: Story) -> Iterator[Wrong]:
    for row in (row for rows in story.rows.values() for row in rows):
        if row["outcome"] != "answered":
            continue
        kinds = {each["kind"] for each in story.told.get(row["call"], [])}
        missing = {"queued", "offered", "answered"} - kinds
        if missing:
            text = f"{row['call']} lacks {', '.join(sorted(missing))}"
            yield Wrong("timelines are whole", text)


def the_service_lives(story: Story) -> Iterator[Wrong]:
    for entry in story.entries:
        if entry.what == "died":
            yield Wrong("the service lives", f"it ended by itself with code {entry['code']}")


RULES: tuple[Callable[[Story], Iterator[Wrong]], ...] = (
    one_interaction_per_call,
    outcome_is_true,
    nobody_is_dropped,
    order_is_kept,
    no_agent_is_offered_twice,
    nothing_is_sent_twice,
    no_ghosts,
    nobody_is_stuck,
    timelines_are_whole,
    the_service_lives,
)
