"""A supervisor listens, whispers, barges in and takes over: proved by what is in each one's ear."""

from __future__ import annotations

import pytest

from callcenter.core.effects import (
    Connect,
    Consult,
    HandOver,
    HangUp,
    Hold,
    Join,
)
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    CallArrived,
    CallEnded,
    ConsultAnswered,
    DialledOut,
    HoldChanged,
    Joined,
)
from callcenter.core.monitoring import (
    DropHearer,
    HearerGone,
    HearerReady,
    Mode,
    TakeOver,
    TuneIn,
    TuneOut,
)
from tests.asterisk.lab import Lab, ready, running, until
from tests.asterisk.media import Media

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

CALLER, ADA, BOB, SUE = 880.0, 440.0, 620.0, 1250.0
TOKEN = "0123456789abcdef"
HEARD = 0.15  # of what is in an ear; two tones share it


async def in_the_ear(ear: Media, *tones: float) -> None:
    """These tones and none of the others are what he has heard for half a second."""
    expected = set(tones)

    def so() -> bool:
        parts = {tone: ear.part(tone) for tone in (CALLER, ADA, BOB, SUE)}
        return len(ear.heard) >= 4000 and {t for t, part in parts.items() if part > HEARD} == (
            expected
        )

    ear.listen_anew()
    try:
        await until(so)
    except AssertionError:
        heard = {tone: round(ear.part(tone), 2) for tone in (CALLER, ADA, BOB, SUE)}
        raise AssertionError(f"expected {expected}, heard {heard}") from None


async def test_listen_whisper_barge_and_take_over_at_all_three_ears(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=ADA) as ada,
        lab.agent("bob", tone=BOB) as bob,
        lab.caller(tone=CALLER) as caller,
        lab.supervisor(TOKEN, tone=SUE) as sue,
    ):
        await ready(switch, "ada", "bob")
        call = (await told.wait(CallArrived)).call
        switch.perform(Connect(call, 1, "ada", "ada", 10))
        await told.wait(AgentAnswered)
        channel = (await told.wait(HearerReady, lambda fact: fact.token == TOKEN)).channel

        def tuned(mode: Mode, together: bool = False) -> None:
            switch.perform(TuneIn(call, TOKEN, channel, mode, together))

        tuned("listen")
        await in_the_ear(sue, CALLER, ADA)
        await in_the_ear(ada, CALLER)
        await in_the_ear(caller, ADA)
        tuned("whisper")
        await in_the_ear(ada, CALLER, SUE)
        await in_the_ear(sue, CALLER, ADA)
        await in_the_ear(caller, ADA)
        tuned("barge")
        await in_the_ear(caller, ADA, SUE)
        await in_the_ear(ada, CALLER, SUE)
        await in_the_ear(sue, CALLER, ADA)
        tuned("listen")
        await in_the_ear(caller, ADA)
        await in_the_ear(ada, CALLER)
        # He is still there after a hold; what is spoken then is the agent's alone.
        switch.perform(Hold(call, True))
        await told.wait(HoldChanged)
        await in_the_ear(sue, ADA)
        switch.perform(Hold(call, False))
        await told.wait(HoldChanged)
        tuned("barge")
        await in_the_ear(caller, ADA, SUE)
        await in_the_ear(ada, CALLER, SUE)
        tuned("listen")
        # The colleague who is asked; then all in a conference, the supervisor heard by all.
        switch.perform(Consult(call, 1, "bob", "bob", 10))
        await told.wait(ConsultAnswered)
        await in_the_ear(sue, ADA, BOB)
        switch.perform(Join(call))
        await told.wait(Joined)
        await in_the_ear(sue, CALLER, ADA, BOB)
        await in_the_ear(caller, ADA, BOB)
        tuned("barge", together=True)
        await in_the_ear(caller, ADA, BOB, SUE)
        await in_the_ear(bob, CALLER, ADA, SUE)
        # Silence, as while card data is spoken.
        switch.perform(TuneOut(call, TOKEN, channel))
        await told.wait(HearerReady)
        sue.listen_anew()
        await in_the_ear(caller, ADA, BOB)
        assert not sue.heard[-1600:] or max(map(sue.part, (CALLER, ADA, BOB))) < HEARD
        # The agent leaves; the supervisor falls out of her channel and is tuned to the next one's.
        tuned("listen")
        await in_the_ear(sue, CALLER, ADA, BOB)
        switch.perform(HandOver(call, 2, "bob", "bob"))
        await told.wait(HearerReady)
        tuned("whisper")
        await in_the_ear(bob, CALLER, SUE)
        await in_the_ear(caller, BOB)
        # He takes the caller; the agent's phone is free.
        switch.perform(TuneOut(call, TOKEN, channel))
        await told.wait(HearerReady)
        before = len(told.of(HearerReady))
        switch.perform(TakeOver(call, "p1", channel, 3600))
        await in_the_ear(caller, SUE)
        await in_the_ear(sue, CALLER)
        await ready(switch, "bob")
        assert len(told.of(HearerReady)) == before
        switch.perform(DropHearer(call, TOKEN, channel))
        assert await told.wait(DialledOut) == DialledOut(call, "p1", "answered")
        assert await told.wait(HearerGone) == HearerGone(TOKEN, 16)
        switch.perform(HangUp(call))
        await told.wait(CallEnded)
        assert told.of(ActionFailed) == []


async def test_nobody_is_left_at_a_call_that_is_over(lab: Lab) -> None:
    """The service dies while a supervisor listens; its successor finds him. Then nobody comes
    after it, and Asterisk lets him go by itself."""
    async with (
        lab.agent("ada", tone=ADA),
        lab.caller_who_stays(tone=CALLER) as later,
        lab.supervisor(TOKEN) as sue,
    ):
        async with running(lab) as (switch, told):
            await ready(switch, "ada")
            later.dial(8_000)
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            channel = (await told.wait(HearerReady)).channel
            switch.perform(TuneIn(call, TOKEN, channel, "listen"))
            await in_the_ear(sue, CALLER, ADA)
        async with running(lab) as (switch, told):
            assert list(switch.book.hearers.items()) == [(channel, TOKEN)]
            await in_the_ear(sue, CALLER, ADA)
        await until(lambda: channel not in lab.ask("core show channels concise"), 25)
