"""One Asterisk node as the core sees it: effects go in, inputs come out, calls survive both ends.

Two connections: one listens, one acts. After each login the switch takes the lead of the node,
reads what is there, tells the core, and only then lets events through, in order. While a
connection is away effects come back as not sent; Asterisk keeps the callers meanwhile.

This file only joins the parts: `reports` (events to inputs), `deeds` (effects to actions),
`resync` (looking), `vigil` (signs of life).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path

from callcenter.asterisk import actions, resync
from callcenter.asterisk.book import Book, Call
from callcenter.asterisk.config import LEASE_SECONDS
from callcenter.asterisk.deeds import Deeds
from callcenter.asterisk.errors import AmiDown, AmiError
from callcenter.asterisk.link import PING_SECONDS, Link, LinkAddress
from callcenter.asterisk.outbound import AT_ONCE_MAX, Dialler
from callcenter.asterisk.parse import Frame
from callcenter.asterisk.playing import Prompts
from callcenter.asterisk.reports import Reports, Unexplained
from callcenter.asterisk.vigil import BEAT_SECONDS, Vigil
from callcenter.core.effects import AsteriskEffect
from callcenter.core.inputs import (
    AgentAnswered,
    CallEnded,
    CallMissed,
    DeviceChanged,
    DeviceState,
    HoldChanged,
    Input,
    LinkChanged,
    NumberFailed,
    NumberRinging,
    PromptEnded,
    Snapshot,
)
from callcenter.dialling import DialRules
from callcenter.runtime.ports import Emit
from callcenter.runtime.vault import Vault

log = logging.getLogger(__name__)

EARLY_EVENTS_MAX = 200_000
"""Kept while a snapshot is being read; more than this and the events link is started anew."""
RESYNC_PAUSE_SECONDS = 0.5
NOT_LEADING_PAUSE_SECONDS = 2.0
_SECURITY = frozenset(
    {"ChallengeResponseFailed", "FailedACL", "InvalidAccountID", "InvalidPassword"}
)


@dataclass(frozen=True, slots=True)
class SwitchSettings:
    """`node` names this Asterisk towards the core (its system name). Secrets are never shown.
    `dial_rules` None: there is no trunk by which calls could go out."""

    node: str
    host: str
    ami_port: int
    events_secret: str = field(repr=False)
    control_secret: str = field(repr=False)
    events_user: str = "acd-events"
    control_user: str = "acd-ctl"
    lease_seconds: int = LEASE_SECONDS
    beat_seconds: float = BEAT_SECONDS
    ping_seconds: float = PING_SECONDS
    answer_seconds: float = 5.0
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    dial_rules: DialRules | None = None
    outbound_at_once_max: int = AT_ONCE_MAX


class Switch:
    """Implements `callcenter.runtime.ports.SwitchPort`. `emit` takes each input at once; `epoch`
    grows with every start of the service and fences what an older one still sends. `recordings`:
    the folder that Asterisk records into, of the same path for both. `vault`: takes secrets that
    callers key in."""

    def __init__(
        self,
        settings: SwitchSettings,
        emit: Emit,
        epoch: int,
        prompts: Prompts,
        recordings: Path,
        vault: Vault,
    ) -> None:
        self.settings, self._emit, self._epoch = settings, emit, epoch
        self.events = self._link(settings.events_user, settings.events_secret, events=True)
        self.control = self._link(settings.control_user, settings.control_secret, events=False)
        self.trouble = "not connected yet"
        self._vault = vault
        self.book = Book()
        self._reports = Reports(self.book, epoch)
        self._dialler = Dialler(
            self.book, self.control, emit, settings.dial_rules, settings.outbound_at_once_max
        )
        self._deeds = Deeds(
            self.book,
            self.control,
            prompts,
            recordings,
            vault,
            emit,
            epoch,
            self._spawn,
            self._dialler,
        )
        self._vigil = Vigil(self.book, self.control, settings.lease_seconds, settings.beat_seconds)
        self._early: deque[Frame] = deque()
        self._members: dict[str, bool] = {}
        self._ready = asyncio.Event()
        self._changed = asyncio.Event()
        self._told_up = False
        self._events_lost = False
        self._booted = False
        self._boot: str | None = None
        self._down_since = 0.0
        self._tasks: asyncio.TaskGroup | None = None

    @property
    def up(self) -> bool:
        """In step with Asterisk: events flow, effects are carried out."""
        return self._ready.is_set()

    def perform(self, effect: AsteriskEffect) -> None:
        """Carries `effect` out, at once; what comes of it is an input."""
        self._deeds.perform(effect)

    async def run(self) -> None:
        """Until cancelled."""
        try:
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                tasks.create_task(self.events.run())
                tasks.create_task(self.control.run())
                tasks.create_task(self._keep_in_step())
                tasks.create_task(self._vigil.keep(self._ready))
        finally:
            self._tasks = None

    # -- links --------------------------------------------------------------------------------
    def _link(self, user: str, secret: str, *, events: bool) -> Link:
        settings = self.settings
        address = LinkAddress(
            settings.host, settings.ami_port, user, secret, events=events, tls=settings.tls
        )
        return Link(
            address,
            on_event=self._heard,
            on_up=self._changed_now,
            on_down=self._lost,
            ping_seconds=settings.ping_seconds,
            answer_seconds=settings.answer_seconds,
        )

    def _changed_now(self) -> None:
        self._changed.set()

    def _lost(self) -> None:
        self._ready.clear()
        if not self.events.up:
            self._events_lost = True
            self._booted = False
            self._early.clear()
        self.trouble = self.events.trouble or self.control.trouble
        if self._told_up:
            self._told_up = False
            self._down_since = asyncio.get_running_loop().time()
            self._emit(LinkChanged(self.settings.node, False))
        self._changed.set()

    def _spawn(self, work: Coroutine[object, object, None]) -> None:
        try:
            if self._tasks is not None:
                self._tasks.create_task(work)
                return
        except RuntimeError:  # the group is ending: nobody would hear what comes of it
            pass
        work.close()

    # -- staying in step ----------------------------------------------------------------------
    async def _keep_in_step(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            linked = self.events.up and self.control.up and self._booted
            if not linked or self._ready.is_set():
                continue
            pause, before = RESYNC_PAUSE_SECONDS, self.trouble
            try:
                async with asyncio.timeout(4 * self.settings.answer_seconds):
                    lead = await resync.take_lead(self.control, self._epoch)
                    self._vigil.beat()
                    node = await resync.look(self.control, lead)
                self._take_over(node)
                continue
            except resync.HigherEpoch as error:
                pause, self.trouble = NOT_LEADING_PAUSE_SECONDS, str(error)
            except (AmiError, TimeoutError) as error:
                self.trouble = str(error) or "Asterisk did not answer in time"
            if self.trouble != before:
                log.warning("node %s: %s", self.settings.node, self.trouble)
            await asyncio.sleep(pause)
            self._changed.set()

    def _take_over(self, node: resync.Node) -> None:
        """No await here: nothing may come between the snapshot and the events after it."""
        restarted = node.fresh or (self._boot is not None and node.boot != self._boot)
        before, self._boot = self.book.calls, node.boot
        calls = [call for call, _ in node.calls]
        for call in calls:
            _remember(call, before.get(call.id))
        self.book.replace(calls)
        self.book.devices = dict(node.devices)
        self.book.hearers = {one.channel: one.token for one in node.hearers}
        self.trouble, self._told_up = "", True
        log.info("node %s: in step, %d calls", self.settings.node, len(calls))
        self._emit(LinkChanged(self.settings.node, True))
        self._emit(
            Snapshot(
                self.settings.node,
                tuple(seen for _, seen in node.calls),
                node.devices,
                restarted,
                ended := self._ended(node, before),
                self._missed(node),
                node.hearers,
                {call: place for call, place in node.served.items() if call in ended},
            )
        )
        self._settle(calls, before)
        self._ready.set()
        self._members.clear()  # Asterisk may have forgotten them
        for device, state in node.devices.items():
            self._fallback_member(device, state)
        early, self._early = self._early, deque()
        for frame in early:
            self._handle(frame)

    def _settle(self, calls: list[Call], before: dict[str, Call]) -> None:
        """What was asked of these calls before the link was lost, and not answered."""
        for call in calls:
            old = before.get(call.id)
            if old is None:
                continue
            for effect in old.unsure:
                self._deeds.settle(call, effect, call)
            if not self._events_lost:
                call.playing, call.collecting, call.typed = old.playing, old.collecting, old.typed
            elif old.playing is not None:
                self._emit(PromptEnded(call.id, old.playing.token, "", "failed"))
        self._events_lost = False

    def _ended(self, node: resync.Node, known: dict[str, Call]) -> dict[str, int]:
        """At the first look a day of the journal, later what ended meanwhile."""
        loop = asyncio.get_running_loop()
        clock = loop.time() + self.control.clock_offset
        span = resync.ENDED_SECONDS_MAX
        if self._down_since:
            span = loop.time() - self._down_since + 60
        return {
            call: cause
            for call, (cause, at) in node.ended.items()
            if call in known or clock - at <= span
        }

    def _missed(self, node: resync.Node) -> tuple[CallMissed, ...]:
        """Of the last day; an Asterisk that was started anew knows no older sign of life."""
        clock = asyncio.get_running_loop().time() + self.control.clock_offset
        since = clock - resync.ENDED_SECONDS_MAX
        return tuple(call for call in node.missed if call.ended_at >= since)

    # -- events -------------------------------------------------------------------------------
    def _heard(self, frame: Frame) -> None:
        if self._ready.is_set():
            self._handle(frame)
            return
        if frame.get("Event") == "FullyBooted":
            # Comes after each login; an Asterisk that is still starting lets us wait for it.
            self._booted = True
            self._changed.set()
        self._early.append(frame)
        if len(self._early) > EARLY_EVENTS_MAX:
            self._early.clear()
            self.events.drop()

    def _handle(self, frame: Frame) -> None:
        if self._deeds.player.heard(frame):
            return
        if frame.get("Event") == "OriginateResponse":
            if not self._deeds.summoner.responded(frame):
                self._dialler.responded(frame)
            return
        if frame.get("Event") == "UserEvent" and frame.get("UserEvent") == "AcdLegHeld":
            self._leg_held(frame)
        if frame.get("Event") in _SECURITY:
            log.warning("%s from %s", frame["Event"], frame.get("RemoteAddress", "?"))
            return
        call = self.book.of_caller(frame.get("Channel", ""))
        was_answered = call is not None and call.answered
        try:
            inputs = list(self._reports.read(frame))
        except Unexplained as error:
            log.warning("node %s: %s; looking again", self.settings.node, error.what)
            self._ready.clear()
            self._changed.set()
            return
        for each in inputs:
            self._emit(each)
            self._follow_up(each, call)
        if call is not None:
            self._tend(call, frame, was_answered)
        if _bridges(frame):
            with contextlib.suppress(AmiDown):
                self._deeds.together(call or self.book.of_leg(frame.get("Channel", "")))

    def _tend(self, call: Call, frame: Frame, was_answered: bool) -> None:
        """What the switch owes a call after an event, without being asked."""
        with contextlib.suppress(AmiDown):
            if call.unwanted and frame.get("Event") == "DialBegin":
                self._deeds.stop_unwanted(call)
            elif frame.get("Event") == "AsyncAGIStart" and call.in_agi:
                self._deeds.caller_waits(call)
            elif call.giving_leg and call.place == "transferred" and _bridges(frame):
                self._deeds.consults.giver_is_free(call)
            elif call.answered and not was_answered:
                # A renewal still under way on an older connection must not cut the conversation.
                lease_off = actions.set_variable(call.channel, "TIMEOUT(absolute)", "0")
                self._deeds.send(call, lease_off, None)

    def _leg_held(self, frame: Frame) -> None:
        call = self.book.of_leg(frame.get("Channel", ""))
        if call is not None:
            with contextlib.suppress(AmiDown):
                self._deeds.consults.leg_is_held(call)

    def _follow_up(self, happened: Input, call: Call | None) -> None:
        with contextlib.suppress(AmiDown):
            if isinstance(happened, CallEnded):
                self._vault.forget(happened.call)
            if isinstance(happened, CallEnded) and call is not None:
                self._deeds.release_leg(call)
            elif isinstance(happened, NumberFailed) and call is not None:
                self._dialler.let_go(call)
            elif isinstance(happened, NumberRinging):
                self._deeds.rings_outside(self.book.calls.get(happened.call))
            elif isinstance(happened, AgentAnswered) and call is not None and call.moved:
                self._deeds.talk_again(call)
            elif isinstance(happened, HoldChanged) and not happened.held:
                self._deeds.talk_again(self.book.calls.get(happened.call))
            elif isinstance(happened, DeviceChanged):
                self._fallback_member(happened.device, happened.state)

    def _fallback_member(self, device: str, state: DeviceState) -> None:
        """The fallback queue rings the phones that were reachable when the service died."""
        reachable = state != "unreachable"
        if not actions.DEVICE.match(device) or self._members.get(device) == reachable:
            return
        self._members[device] = reachable
        with contextlib.suppress(AmiDown):
            answer = self.control.send(actions.fallback_member(device, reachable))
            # Refused: it is a member already, or was none.
            answer.add_done_callback(lambda done: done.cancelled() or done.exception())


def _bridges(frame: Frame) -> bool:
    return frame.get("Event") == "BridgeEnter"


def _remember(call: Call, old: Call | None) -> None:
    """What a look at the channel cannot tell, from before."""
    if old is None:
        return
    call.asked_to_end, call.caller_left = old.asked_to_end, old.caller_left
    if old.attempt == call.attempt and old.agent:
        call.agent, call.ringing, call.agent_left = old.agent, old.ringing, old.agent_left
        call.unwanted = old.unwanted
