"""The link to a real Asterisk, through a proxy that breaks it: at most once, whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from callcenter.asterisk import actions
from callcenter.asterisk.errors import AmiDown, AmiRejected, AmiUnknown
from callcenter.asterisk.link import Link, LinkAddress
from callcenter.core.effects import Connect, PlayPrompt, TagCall
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    CallArrived,
    LinkChanged,
    PromptEnded,
    Snapshot,
)
from tests.asterisk.lab import CONTROL_SECRET, Lab, prompt, ready, running, until
from tests.asterisk.proxy import Proxy, proxy

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]


@contextlib.asynccontextmanager
async def control(
    port: int, *, secret: str = CONTROL_SECRET, ping_seconds: float = 0.5
) -> AsyncIterator[Link]:
    address = LinkAddress("127.0.0.1", port, "acd-ctl", secret, events=False)
    link = Link(address, ping_seconds=ping_seconds, answer_seconds=1.0)
    task = asyncio.create_task(link.run())
    yield link
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def cut(lab: Lab) -> AsyncIterator[Proxy]:
    async with proxy(lab.settings.ami_port) as made:
        yield made


async def test_what_was_sent_when_the_link_was_cut_is_unknown_and_never_sent_again(
    lab: Lab, cut: Proxy
) -> None:
    async with control(cut.port) as link:
        await until(lambda: link.up)
        cut.deaf = True
        asked = [link.send(actions.set_variable(None, f"ONCE{n}", "x")) for n in range(20)]
        await until(lambda: cut.to_server.count(b"ONCE") == 20)
        cut.cut()
        for answer in asked:
            with pytest.raises(AmiUnknown):
                await answer
        with pytest.raises(AmiDown):
            link.send(actions.set_variable(None, "NEVER", "x"))
        cut.deaf = False
        await until(lambda: link.up)
        await link.call(actions.set_variable(None, "AFTER", "x"))
        assert cut.to_server.count(b"ONCE") == 20
        assert b"NEVER" not in cut.to_server
        assert link.pending <= 1  # at most a ping
    assert "ONCE19=x" in lab.ask("dialplan show globals")


async def test_an_action_without_an_answer_ends_as_unknown(cut: Proxy) -> None:
    async with control(cut.port, ping_seconds=60) as link:  # no ping of its own meanwhile
        await until(lambda: link.up)
        cut.swallow = True
        with pytest.raises(AmiUnknown, match="no answer"):
            await link.call({"Action": "Ping"})
        assert link.counters.unknown == 1


async def test_a_peer_that_says_nothing_is_noticed(cut: Proxy) -> None:
    async with control(cut.port, ping_seconds=0.4) as link:
        await until(lambda: link.up)
        cut.swallow = True
        await until(lambda: not link.up, 2.5)
        assert "said nothing" in link.trouble
        cut.cut()
        cut.swallow = False
        await until(lambda: link.up)
        assert (link.counters.connects, link.counters.losses) == (2, 1)


async def test_a_refused_action_says_why(cut: Proxy) -> None:
    async with control(cut.port) as link:
        await until(lambda: link.up)
        with pytest.raises(AmiRejected, match="No such channel"):
            await link.call(actions.hang_up("PJSIP/nobody-00000001", 16))


@pytest.mark.parametrize(
    "action",
    [
        {"Action": "Command", "Command": "core show version"},
        {"Action": "Originate", "Channel": "Local/s@acd", "Application": "System", "Data": "id"},
        {"Action": "GetConfig", "Filename": "manager.conf"},
        {"Action": "DBPut", "Family": "acdend", "Key": "1", "Val": "x"},
        {"Action": "ModuleLoad", "LoadType": "reload"},
        {"Action": "Getvar", "Variable": "SHELL(id)"},
    ],
    ids=lambda action: str(action["Action"]),
)
async def test_the_control_user_may_do_no_more_than_it_needs(
    lab: Lab, action: dict[str, str]
) -> None:
    async with control(lab.settings.ami_port) as link:
        await until(lambda: link.up)
        with pytest.raises(AmiRejected):
            await link.call(action)


async def test_the_events_user_cannot_act(lab: Lab) -> None:
    async with running(lab) as (switch, _):
        with pytest.raises(AmiRejected, match="Permission denied"):
            await switch.events.call(actions.set_variable(None, "EVIL", "1"))


async def test_a_wrong_secret_is_said_and_does_not_hammer(cut: Proxy) -> None:
    async with control(cut.port, secret="not-the-secret-of-the-lab") as link:
        await until(lambda: link.counters.logins_refused >= 2)
        assert "refuses the manager user 'acd-ctl'" in link.trouble
        before = cut.connections
        await asyncio.sleep(1)
        assert cut.connections - before <= 2


async def test_nobody_listens(lab: Lab) -> None:
    async with control(1) as link:
        await until(lambda: "onnect" in link.trouble and link.trouble != "not connected yet")
        with pytest.raises(AmiDown):
            link.send({"Action": "Ping"})


EVIL = [
    "x\r\nAction: Setvar\r\nVariable: EVIL\r\nValue: 1",
    "x\nAction: Setvar\nVariable: EVIL\nValue: 1",
    "x\r\n\r\nAction: Setvar\r\nVariable: EVIL\r\nValue: 1\r\n\r\n",
    "x\x00y",
    "\ud800",
    "x" * 1100,
]


@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
async def test_no_value_becomes_a_second_action(lab: Lab, evil: str) -> None:
    async with control(lab.settings.ami_port) as link:
        await until(lambda: link.up)
        with pytest.raises(ValueError, match=r"Value|longer"):
            link.send({"Action": "Setvar", "Variable": "GOOD", "Value": evil})
        with pytest.raises(ValueError, match="header name"):
            link.send({"Action": "Setvar", f"Variable: a\r\n{evil}": "x"})
        await link.call({"Action": "Ping"})
    assert "EVIL" not in lab.ask("dialplan show globals")


@pytest.mark.parametrize(
    "effect",
    [
        Connect("CALL", 1, "a", "ada&PJSIP/bob", 5),
        Connect("CALL", 1, "a", "ada,60,g", 5),
        Connect("CALL", 1, "a", "${SHELL(id)}", 5),
        Connect("CALL", 1, "a", "ada\r\nContext: agents", 5),
        TagCall("CALL", {"queue": "a,b"}),
        TagCall("CALL", {"queue": "${EXTEN}"}),
        TagCall("CALL", {"call)": "x"}),
        TagCall("CALL", {"q": "x\r\nAction: Setvar"}),
    ],
    ids=range(8),
)
async def test_no_effect_carries_dialplan_code(lab: Lab, effect: Connect | TagCall) -> None:
    async with running(lab) as (switch, told), lab.caller():
        call = (await told.wait(CallArrived)).call
        switch.perform(replace(effect, call=call))
        failed = await told.wait(ActionFailed)
        assert (failed.call, failed.kind) == (call, "refused")
        assert "${" not in lab.ask("core show channels concise")


async def test_an_offer_lost_on_the_way_is_told_as_not_sent(lab: Lab, cut: Proxy) -> None:
    """The redirect is swallowed: after the reconnect Asterisk shows that it never came."""
    settings = lab.switch_settings(cut.port, ping_seconds=0.5, answer_seconds=1.0)
    async with running(lab, settings=settings) as (switch, told), lab.agent("ada"):
        await ready(switch, "ada")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            cut.swallow = True
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(LinkChanged, lambda link: not link.up)
            cut.cut()
            cut.swallow = False
            failed = await told.wait(ActionFailed)
            assert (failed.what, failed.attempt, failed.kind) == ("Connect", 1, "not-sent")
            switch.perform(Connect(call, 2, "ada", "ada", 10))
            assert (await told.wait(AgentAnswered)).attempt == 2


async def test_an_offer_whose_answer_was_lost_is_found_again_and_not_repeated(
    lab: Lab, cut: Proxy
) -> None:
    settings = lab.switch_settings(cut.port, ping_seconds=0.5, answer_seconds=1.0)
    async with running(lab, settings=settings) as (switch, told), lab.agent("ada"):
        await ready(switch, "ada")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            cut.deaf = True
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(LinkChanged, lambda link: not link.up)
            await until(lambda: "ada-" in lab.ask("core show channels concise"))
            await asyncio.sleep(0.5)
            cut.cut()
            cut.deaf = False
            snapshot = await told.wait(Snapshot, lambda snapshot: len(snapshot.calls) == 1)
            assert snapshot.calls[0].stage == "talking"
            switch.perform(PlayPrompt(call, "x", prompt("beep"), "en"))
    assert cut.to_server.count(b"Context: connect") == 1
    assert told.of(ActionFailed) == []
    assert told.of(PromptEnded) == []
