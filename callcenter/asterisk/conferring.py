"""A conference person by person: who is heard, who is put on hold; and keys towards the far end.

A person is muted on his own channel (MUTEAUDIO, `in`: what comes from him), so it holds wherever he
is moved. To part, the agents leave the conference first: the caller's leaving would end it for all.
"""

from __future__ import annotations

import re

from callcenter.asterisk import actions
from callcenter.asterisk.book import Call
from callcenter.asterisk.consulting import Send
from callcenter.asterisk.errors import Refused
from callcenter.core.in_call import Mute, Part, Person, PlayDigits

DIGITS = re.compile(r"^[0-9*#]{1,32}$")
KEYS_WAITING_MAX = 32


class ConferenceDeeds:
    """What the core asks of a conference. Raises Refused where it does not fit."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def mute(self, call: Call, effect: Mute) -> None:
        """Somebody who is gone is not heard anyway."""
        channel = _channel(call, effect.who)
        if channel:
            word = "on" if effect.on else "off"
            self._send(call, actions.set_variable(channel, "MUTEAUDIO(in)", word), effect)

    def part(self, call: Call, effect: Part) -> None:
        consult = call.consult
        if consult is None or not consult.answered or call.place != "conference":
            raise Refused("there is no conference")
        aside = actions.redirect_both(call.leg, "agentleg", "held", consult.leg, "consult", "aside")
        self._send(call, aside, effect)
        consult.aside, consult.parting = True, True
        if effect.to_caller:
            consult.follow = (actions.redirect(call.channel, "unhold", "s"),)
        else:
            consult.follow = (
                actions.set_variable(call.leg, "ACD_ASIDE", consult.leg),
                actions.redirect_both(call.channel, "hold", "s", call.leg, "consult", "again"),
            )

    def digits(self, call: Call, effect: PlayDigits) -> None:
        """As if the agent's phone had pressed them: the bridge carries them on, and where there is
        none yet they would be lost."""
        keys = actions.must_match(DIGITS, "digits", effect.digits)
        if not call.leg or not call.answered:
            raise Refused("the caller is not with an agent")
        if call.apart:
            call.keys = (call.keys + keys)[:KEYS_WAITING_MAX]
        else:
            self._press(call, keys)

    def together(self, call: Call) -> None:
        """The two are in one bridge now."""
        self._press(call, call.take_keys())

    def _press(self, call: Call, keys: str) -> None:
        for key in keys:
            self._send(call, actions.digit(call.leg, key), None)


def _channel(call: Call, who: Person) -> str:
    match who:
        case "caller":
            return call.channel
        case "agent":
            return call.leg
        case "colleague":
            return call.consult.leg if call.consult is not None else ""
