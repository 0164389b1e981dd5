"""A8: whoever asks, by whatever text, no leg goes to a number outside the allow-list."""

from __future__ import annotations

import random

import pytest

from callcenter.asterisk import actions
from callcenter.dialling import Dialable, DialRules
from tests.abuse.figures import SEED, Abuse

pytestmark = pytest.mark.pure

HOME = DialRules("CN", frozenset({"GB"}), blocked=("+8613911119",))
ALLOWED = ("+86", "+44")
COSTLY = [
    "+1900555", "+449098790123", "+44871234567", "+447024123456", "+88213123456", "+870773111222",
    "+8835100012", "+979123456789", "+5355512345", "+2521234567", "+67740123", "+6821234567",
    "+2392212345", "+25377123456", "+3725012345", "+37127123456", "+960771234", "+1242359",
    "+18095551234", "+18765551234", "+1473405", "+16644911", "4008001234", "16812345678", "96888",
    "110", "119", "120", "999", "112", "911", "000", "101", "+86110", "+44999", "+8612110",
    "+8613911119000", "12121", "95588", "10086",
]  # fmt: skip
TRICKS = [
    "{}&PJSIP/trunk", "{}@evil.example", "{}@[::1]", "Local/{}@outbound", "Local/{}@outbound/n",
    "PJSIP/{}@trunk", "{};phone-context=+1", "{};ext=9", "{};npdi;rn=+1900", "tel:{}", "sip:{}",
    "sip:{}@evil", "{},60,g", "{}|x", "{}\r\nAction: Originate", "{}\x00", " {} ", "{}#", "*72{}",
    "*21*{}#", "**21*{}#", "9{}", "00{}", "011{}", "{}w1", "{}p1", "{}T", "${{{}}}",
    "${{SHELL(id)}}{}",
    "{}${{EXTEN}}", "_X.{}", "<{}>", '"{}"', "{}'", "{}%0d%0a", "{}?x", "{}/b", "+{}", "++{}",
    "{}{}", "０{}", "{}\u202e", "\u200b{}", "[{}]", "{}&{}", "SIP/{}", "DAHDI/g1/{}",
    "Diversion: <{}>", "Refer-To: <sip:{}@x>", "IAX2/u:p@h/{}",
]  # fmt: skip
GOOD = "+8613911110003"


def wide(number: str) -> str:
    """In the digits of other scripts, which a careless reader takes for digits."""
    return "".join(chr(0xFF10 + int(c)) if c.isdecimal() and c.isascii() else c for c in number)


def arabic(number: str) -> str:
    return "".join(chr(0x660 + int(c)) if c.isdecimal() and c.isascii() else c for c in number)


def plain(number: str) -> str:
    return number


SCRIPTS = (plain, wide, arabic)


def corpus(count: int) -> list[str]:
    dice = random.Random(SEED)
    made = [*COSTLY, *map(wide, COSTLY), *map(arabic, COSTLY)]
    made += [trick.format(GOOD, GOOD) for trick in TRICKS]
    while len(made) < count:
        number = dice.choice([*COSTLY, GOOD])
        trick = dice.choice(TRICKS).format(number, dice.choice(COSTLY))
        made.append(dice.choice(SCRIPTS)(trick))
    return list(dict.fromkeys(made))


def test_a8_toll_fraud_by_text_and_number(abuse: Abuse) -> None:
    asked = corpus(abuse.count(520, 5_000))
    outside, sent = [], []
    for text in asked:
        checked = HOME.check(text)
        if not isinstance(checked, Dialable):
            continue
        blocked = any(checked.number.startswith(one) for one in HOME.blocked)
        if blocked or not checked.number.startswith(ALLOWED):
            outside.append(text)
        # What is let in becomes exactly one leg, over the trunk, to exactly this number.
        headers = actions.originate(
            "out-1.1", "trunk", checked.number, 30, shown="", did="", facts={}, detect_machine=False
        )
        if headers["Channel"] != f"PJSIP/{checked.number}@trunk":
            sent.append(text)
    abuse.reached(
        "A8",
        f"{len(asked)} numbers and strings: premium, short, `&`, `@`, `Local/`, foreign digits",
        "0 legs outside the allow-list",
        f"{len(outside) + len(sent)} legs",
        not outside and not sent,
        "; ".join(outside + sent)[:200],
    )


def _by_originate(text: str) -> actions.Headers:
    return actions.originate(
        "out-1.1", "t", text, 30, shown="", did="", facts={}, detect_machine=False
    )


def _by_transfer(text: str) -> actions.Headers:
    return actions.dial_out("PJSIP/x-1", 1, "a", False, text, 30)


def _by_connect(text: str) -> actions.Headers:
    return actions.connect("PJSIP/x-1", 1, 1, text, 10, False)


def test_a8_what_is_refused_at_the_door_is_refused_at_the_last_line(abuse: Abuse) -> None:
    """The door forgets to look: the lines that write to Asterisk look again."""
    through = []
    for text in corpus(abuse.count(520, 5_000)):
        for build in (_by_originate, _by_transfer, _by_connect):
            try:
                actions.check(build(text))
            except ValueError:
                continue
            bare = text.removeprefix("+")
            if not (bare.isascii() and bare.isalnum()):
                through.append(text)
    abuse.reached(
        "A8",
        "the same texts put past the check, towards the manager interface",
        "only plain numbers and devices are written",
        f"{len(through)} others",
        not through,
        "; ".join(through)[:200],
    )
