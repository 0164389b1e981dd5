"""The facts of a call that travel on its channel, so that a restart can rebuild the centre.

Asterisk keeps them as ACD_<NAME> variables; names and values have the narrow charset of
`effects.TagCall`, so any text is packed first. What is not here is lost if both the process and its
journal are lost: keep it to what decides where the caller belongs.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from urllib.parse import quote, unquote

from callcenter.core.call import Call

VALUE_MAX = 200


def pack(text: str) -> str:
    """Any text in the charset of a channel fact (`%` becomes `@`)."""
    return quote(text, safe="").replace("~", "%7E").replace("%", "@")


def unpack(text: str) -> str:
    return unquote(text.replace("@", "%"))


def pack_path(path: tuple[str, ...]) -> str:
    """The menu path, the latest choices first to survive when it does not fit."""
    kept: list[str] = []
    length = 0
    for item in reversed(path):
        packed = pack(item)
        length += len(packed) + 1
        if length > VALUE_MAX:
            break
        kept.append(packed)
    return ";".join(reversed(kept))


def unpack_path(text: str) -> tuple[str, ...]:
    return tuple(unpack(item) for item in text.split(";") if item)


def pack_skills(skills: Mapping[str, int]) -> str:
    """Whole items only: half a level would be another level."""
    text = ""
    for name, level in sorted(skills.items()):
        longer = f"{text};{pack(name)}:{level}".lstrip(";")
        if len(longer) > VALUE_MAX:
            break
        text = longer
    return text


def unpack_skills(text: str) -> dict[str, int]:
    """Skills as written by `pack_skills`; what cannot be read is left out."""
    skills: dict[str, int] = {}
    for item in text.split(";"):
        name, colon, level = item.rpartition(":")
        if colon and name and level.isdigit():
            skills[unpack(name)] = int(level)
    return skills


def number(facts: Mapping[str, str], name: str) -> float | None:
    """A fact as a finite number, None when missing or unreadable."""
    try:
        value = float(facts.get(name, ""))
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def of_menu(call: Call) -> dict[str, str]:
    """Where the caller stands in the flow."""
    facts = {"start": f"{call.started_at:.3f}", "lang": pack(call.language)}
    if call.flow:
        facts["flow"] = pack(call.flow)
    if call.session is not None:
        facts["ivr"] = call.session.position()[:VALUE_MAX]
    return facts


def of_queue(call: Call) -> dict[str, str]:
    """What the line needs to put the caller back at the old place."""
    by_hand = {} if call.set_priority is None else {"prio_set": str(call.set_priority)}
    return (
        of_menu(call)
        | by_hand
        | {
            "queue": pack(call.queue or ""),
            "enq": f"{call.joined_at or 0:.3f}",
            "prio": str(call.asked_priority),
            "skills": pack_skills(call.skills),
            "path": pack_path(call.path),
        }
    )


def of_callback(call: Call) -> dict[str, str]:
    """For which callback, and in whose books, this number was dialled."""
    return of_queue(call) | {"cb": pack(call.callback), "contact": pack(call.contact)}


def of_hand(call: Call) -> dict[str, str]:
    """A call that an agent makes: who, in whose name; it stands in no line."""
    return {
        "dir": call.direction,
        "agent": call.agent or "",
        "queue": pack(call.queue or ""),
        "start": f"{call.started_at:.3f}",
        "lang": pack(call.language),
    }


def of_offer(call: Call) -> dict[str, str]:
    """Whom the offer with this number was made to, several joined by "+". The dialplan notes the
    number by itself (`try`), so that a pair which does not fit it is known to be old."""
    text = f"{call.attempt}:"
    for agent in call.ringing or (call.agent or "",):
        longer = f"{text}+{agent}" if text[-1] != ":" else text + agent
        if len(longer) > VALUE_MAX:
            break
        text = longer
    return {"offer": text}


def of_talk(call: Call) -> dict[str, str]:
    """`ans`: when he was answered first; `talk`: by which offer, and since when, he talks now."""
    return of_offer(call) | {
        "agent": call.agent or "",
        "ans": f"{call.answered_at or 0:.3f}",
        "talk": f"{call.attempt}:{call.since:.3f}",
    }


def channel(name: str) -> str:
    """A channel's name if it has the charset of a fact, else "": then a restart that has lost its
    journal does not find that channel again."""
    return name if re.fullmatch(r"[A-Za-z0-9_.:;/+@-]{1,200}", name) else ""


def attempt(facts: Mapping[str, str]) -> int:
    """The number of the latest offer that reached the dialplan; 0 for none."""
    return int(number(facts, "try") or 0)


def talk_began(facts: Mapping[str, str]) -> float | None:
    """Since when the talk by the latest offer lasts; None when that was not noted."""
    count, _, since = facts.get("talk", "").partition(":")
    return number({"since": since}, "since") if count == str(attempt(facts)) else None


def offered_to(facts: Mapping[str, str]) -> tuple[str, ...]:
    """The agents of that offer, none when the note of it was lost."""
    count, _, agents = facts.get("offer", "").partition(":")
    return tuple(agents.split("+")) if agents and count == str(attempt(facts)) else ()


def talks_with(facts: Mapping[str, str]) -> str:
    """The agent who was noted to talk by that offer, "" when that was not noted."""
    count, _, _ = facts.get("talk", "").partition(":")
    return facts.get("agent", "") if count == str(attempt(facts)) else ""
