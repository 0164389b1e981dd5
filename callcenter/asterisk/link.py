"""One connection to Asterisk's manager interface: panoramisk's wire, with its dangers taken out.

What panoramisk 1.4 does that must not happen in a call centre, and what is done here instead:
it sends unanswered actions again after a reconnect (here: never, they fail as AmiUnknown), keeps
actions while down and runs them later (AmiDown at once), waits for ever (a deadline for each
action), does not notice a dead peer (`Ping` and a watchdog), lets line breaks through
(`actions.check`), loses the connection over one bad frame or one failing handler, cuts letters at
the edge of a packet (`parse.FrameReader`).

A link delivers events in order to one function, which must not wait; it decides nothing.
"""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from callcenter.asterisk.actions import Headers, check
from callcenter.asterisk.errors import AmiDown, AmiError, AmiRejected, AmiUnknown
from callcenter.asterisk.parse import Frame
from callcenter.asterisk.wire import LinkCounters, Request, Wire

log = logging.getLogger(__name__)

ANSWER_SECONDS_MAX = 5.0
LOGIN_SECONDS_MAX = 5.0
CONNECT_SECONDS_MAX = 5.0
PING_SECONDS = 1.5
SILENCE_PINGS_MAX = 2.5
"""A peer silent for so many ping intervals is gone: noticed within 4.5 s."""
BACK_OFF_SECONDS_FIRST = 0.25
BACK_OFF_SECONDS_MAX = 10.0
TRACEBACKS_MAX = 20
"""Of events that failed; after that they are only counted."""
PENDING_MAX = 20_000


@dataclass(frozen=True, slots=True)
class LinkAddress:
    """`events`: this link is told what happens; it should then never act."""

    host: str
    port: int
    user: str
    secret: str = field(repr=False)
    events: bool
    tls: ssl.SSLContext | None = field(default=None, repr=False)


class Link:
    """Keeps one connection up. `on_event` gets every event in order and must return at once;
    `on_up` and `on_down` are called in between, in order with the events."""

    def __init__(
        self,
        address: LinkAddress,
        *,
        on_event: Callable[[Frame], None] = lambda frame: None,
        on_up: Callable[[], None] = lambda: None,
        on_down: Callable[[], None] = lambda: None,
        ping_seconds: float = PING_SECONDS,
        answer_seconds: float = ANSWER_SECONDS_MAX,
    ) -> None:
        self.address = address
        self.counters = LinkCounters()
        self.trouble = "not connected yet"
        self.clock_offset = 0.0
        self.rtt_seconds = 0.0
        self._on_event, self._on_up, self._on_down = on_event, on_up, on_down
        self._ping_seconds, self._answer_seconds = ping_seconds, answer_seconds
        self._wire: Wire | None = None
        self._ready = False

    @property
    def up(self) -> bool:
        """Logged in: actions can be sent."""
        wire = self._wire
        return self._ready and wire is not None and not wire.transport.is_closing()

    @property
    def pending(self) -> int:
        """Actions without an answer so far."""
        return 0 if self._wire is None else len(self._wire.responses)

    @property
    def silent_seconds(self) -> float | None:
        """How long nothing was heard; None while there is no connection."""
        if self._wire is None:
            return None
        return asyncio.get_running_loop().time() - self._wire.last_heard

    # -- asking -------------------------------------------------------------------------------
    def send(self, headers: Headers) -> asyncio.Future[list[Frame]]:
        """Sends at once, after all that was sent before. The future gets the response, followed by
        the events of a list; or AmiRejected, or AmiUnknown. Nothing is ever sent twice.

        Raises AmiDown (not sent) and ValueError (must not be sent)."""
        check(headers)
        wire = self._wire
        if wire is None or not self.up:
            self.counters.not_sent += 1
            raise AmiDown(f"{headers['Action']}: no link to Asterisk ({self.trouble})")
        return self._write(wire, headers)

    async def call(self, headers: Headers) -> list[Frame]:
        """`send`, and wait. Raises AmiDown, AmiUnknown, AmiRejected, ValueError."""
        return await self.send(headers)

    def flush(self) -> None:
        """Let what was sent go out now, not at the end of this turn: somebody waits for it."""
        if self._wire is not None:
            self._wire.flush()

    def drop(self) -> None:
        """Cut the connection; a new one is made after the back-off."""
        if self._wire is not None:
            self._wire.transport.abort()

    def _write(self, wire: Wire, headers: Headers) -> asyncio.Future[list[Frame]]:
        if wire.paused or len(wire.responses) >= PENDING_MAX:
            self.counters.not_sent += 1
            raise AmiDown(f"{headers['Action']}: Asterisk takes nothing more")
        loop = asyncio.get_running_loop()
        request = Request(headers, loop.time() + self._answer_seconds)
        self.counters.sent += 1
        future: asyncio.Future[list[Frame]] = wire.send(request)
        return future

    # -- what the wire reports ----------------------------------------------------------------
    def deliver(self, frame: Frame) -> None:
        try:
            self._on_event(frame)
        except Exception:
            # One event that we cannot handle must not cost the next.
            self.counters.failed_events += 1
            if self.counters.failed_events <= TRACEBACKS_MAX:
                log.exception("event %s failed", frame.get("Event"))

    def answer(self, request: Request) -> None:
        future, first = request.future, request.frames[0]
        if future.done():
            return
        if first.get("Response") == "Error":
            self.counters.rejected += 1
            future.set_exception(AmiRejected(first.get("Message", "refused")))
        else:
            future.set_result(request.frames)

    def give_up(self, request: Request, reason: str) -> None:
        if not request.future.done():
            self.counters.unknown += 1
            request.future.set_exception(AmiUnknown(f"{request.action}: {reason}"))

    # -- life ---------------------------------------------------------------------------------
    async def run(self) -> None:
        """Connects, logs in, stays; again after every loss, until cancelled. Never raises for the
        world's mistakes; `trouble` says what they are."""
        failures = 0
        while True:
            up_before = self.counters.connects
            try:
                await self._one_connection()
            except (OSError, AmiError, TimeoutError) as error:
                self.trouble = str(error) or type(error).__name__
                log.warning("AMI %s: %s", self.address.user, self.trouble)
            failures = 0 if self.counters.connects > up_before else failures + 1
            pause = min(BACK_OFF_SECONDS_MAX, BACK_OFF_SECONDS_FIRST * 2 ** min(failures, 6))
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))

    async def _one_connection(self) -> None:
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(CONNECT_SECONDS_MAX):
            _, wire = await loop.create_connection(
                lambda: Wire(self), self.address.host, self.address.port, ssl=self.address.tls
            )
        try:
            await self._log_in(wire)
            self._wire, self._ready, self.trouble = wire, True, ""
            self.counters.connects += 1
            self._on_up()
            await self._watch(wire)
        finally:
            was_ready, self._ready, self._wire = self._ready, False, None
            wire.transport.abort()
            if was_ready:
                self.counters.losses += 1
                self.trouble = self.trouble or "the link was lost"
                self._on_down()

    async def _log_in(self, wire: Wire) -> None:
        login = {
            "Action": "Login",
            "Username": self.address.user,
            "Secret": self.address.secret,
            "Events": "on" if self.address.events else "off",
        }
        check(login)
        answer = self._write(wire, login)
        try:
            async with asyncio.timeout(LOGIN_SECONDS_MAX):
                await answer
        except AmiRejected as error:
            self.counters.logins_refused += 1
            raise AmiRejected(
                f"Asterisk refuses the manager user {self.address.user!r}: {error}"
            ) from None
        except TimeoutError:
            raise AmiUnknown("no answer to the login") from None

    async def _watch(self, wire: Wire) -> None:
        """Until the connection is lost: pings, looks for silence, gives up late answers."""
        loop = asyncio.get_running_loop()
        next_ping = loop.time()
        step = min(self._ping_seconds, self._answer_seconds) / 4
        while not wire.lost.done():
            now = loop.time()
            if now - wire.last_heard > SILENCE_PINGS_MAX * self._ping_seconds:
                self.trouble = f"Asterisk has said nothing for {now - wire.last_heard:.1f} s"
                return
            if now >= next_ping:
                next_ping = now + self._ping_seconds
                self._ping(wire)
            late = [request for request in wire.responses.values() if request.deadline <= now]
            for request in late:
                wire.responses.pop(request.id, None)
                self.give_up(request, f"no answer in {self._answer_seconds:g} s")
            await asyncio.wait([wire.lost], timeout=step)
            stood_still = loop.time() - now - step
            if stood_still > step:
                # It was we who did nothing, not even ask; that must not cost the connection.
                wire.last_heard += stood_still

    def _ping(self, wire: Wire) -> None:
        try:
            answer = self._write(wire, {"Action": "Ping"})
        except AmiDown:
            return
        sent = asyncio.get_running_loop().time()
        answer.add_done_callback(lambda done: self._ponged(done, sent))

    def _ponged(self, done: asyncio.Future[list[Frame]], sent: float) -> None:
        """Learns how far away Asterisk is and how its clock stands to ours."""
        if done.cancelled() or done.exception() is not None:
            return
        self.rtt_seconds = asyncio.get_running_loop().time() - sent
        try:
            self.clock_offset = float(done.result()[0]["Timestamp"]) - sent
        except (KeyError, ValueError):
            log.warning("AMI %s: a ping without a time", self.address.user)
