"""Keeps a copy of the board and tells every browser what changed in the part it may see.

The hub is the screens' port of the runtime: `perform` is called inside the loop and returns at
once. Clicks become inputs for the centre, which alone decides; its `Reply` finds the browser again
by the number that the hub puts before the browser's own id. Own rows go to an agent at once; what
many see is sent at most every 5 ms. This file must not know HTTP, sessions' storage or passwords.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
from collections.abc import Callable, Collection
from typing import Literal, Protocol

from pydantic import BaseModel

from agent_console import wire
from agent_console.browser import Browser, Visitor
from agent_console.clicks import Cards, CheckNumber, Clicks, Filed, no_numbers, nothing_asked
from agent_console.commands import Command
from agent_console.frames import text_frame
from agent_console.view import (
    Audience,
    Feed,
    Row,
    Table,
    Tables,
    audience_of,
    encoded,
    for_agents,
    owners,
    sees_agent,
    sees_call,
    sees_queue,
    visible,
)
from agent_console.wire import CloseCode
from callcenter.core.board import AgentRow, CallRow, QueueRow
from callcenter.core.effects import Alarm, Reply, ScreenEffect, Show
from callcenter.core.inputs import ConsoleChanged
from callcenter.core.teams import EVERYTHING, NOTHING, Reach
from callcenter.runtime.ports import Clock, Emit

# What changes within this time after a message goes with the next one. A caller comes, is asked for
# keys and stands in a line within milliseconds: to wait longer is seen on a supervisor's screen.
COALESCE_SECONDS = 0.005
# An agent's console may be away this long (a reload, a lost network) before the centre is told, and
# offers him nothing more. A reload takes one second, two on a slow machine.
GRACE_SECONDS = 4.0
SWEEP_SECONDS = 1.0
# A feed without viewers is kept so long for a browser that comes back.
FEED_KEPT_SECONDS = 60.0
ALARMS_KEPT = 50

log = logging.getLogger(__name__)

News = Literal["messages", "alerts"]
# The border of a user, by role and id.
ReachOf = Callable[[str, str], Reach]


def administrators_alone(role: str, user: str) -> Reach:
    """Where there are no teams."""
    return EVERYTHING if role == "administrator" else NOTHING


class Timer(Protocol):
    def cancel(self) -> None: ...


class Timers(Protocol):
    """An event loop, or a wheel that a test turns."""

    def call_later(self, delay: float, callback: Callable[[], None], /) -> Timer: ...


class Hub:
    """One for the process. `epoch` (below 2^32, growing with every start) makes the numbers of an
    earlier start unusable; `cards` finds a customer by id and may raise CardsAway. `check_number`:
    may this be dialled? `filed` is asked before a call is closed. `reach`: where a user's border
    is; when that changes, `borders_changed` wants to be told."""

    def __init__(
        self,
        *,
        submit: Emit,
        cards: Cards,
        clock: Clock,
        timers: Timers,
        epoch: int,
        check_number: CheckNumber = no_numbers,
        filed: Filed = nothing_asked,
        reach: ReachOf = administrators_alone,
    ) -> None:
        self._submit = submit
        self._clicks = Clicks(cards, check_number, filed)
        self._reach = reach
        self._clock = clock
        self._timers = timers
        self._epochs = itertools.count(epoch << 20)
        self._tables = Tables()
        self._feeds: dict[Audience, Feed] = {}
        self._browsers: dict[int, Browser] = {}
        self._viewers: dict[Audience, set[Browser]] = {}
        self._seated: dict[int, Audience] = {}
        self._left_at: dict[Audience, float] = {}
        self._dirty: dict[tuple[Table, str], bytes] = {}
        self._flush_timer: Timer | None = None
        self._flushed_at = 0.0
        self._grace: dict[str, Timer] = {}
        self._alarms: list[bytes] = []
        self._links = wire.Links(asterisk=False, database=False)
        self._sweep_timer: Timer | None = None

    # -- from the centre -------------------------------------------------------------------------
    def perform(self, effect: ScreenEffect) -> None:
        match effect:
            case Show(table=table, key=key, row=row):
                assert row is None or isinstance(row, CallRow | AgentRow | QueueRow)
                self._show(table, key, row)
            case Reply():
                self._reply(effect)
            case Alarm(code=code, text=text):
                self._alarm(code, text)

    @property
    def tables(self) -> Tables:
        """The board as it is now; to be read, not changed."""
        return self._tables

    @property
    def consoles(self) -> int:
        """How many are open now."""
        return len(self._browsers)

    def links(self, *, asterisk: bool, database: bool) -> None:
        """Tell every console whether what stands behind it works."""
        links = wire.Links(asterisk=asterisk, database=database)
        if links != self._links:
            self._links = links
            frame = _frame(links)
            for browser in self._browsers.values():
                browser.send(frame)

    def _show(self, table: Table, key: str, row: Row | None) -> None:
        queues_before = self._tables.queues_of(key) if table == "agents" else frozenset()
        before = self._tables.put(table, key, row)
        if not self._feeds:
            return  # nobody looks: a snapshot will tell it all
        body = encoded(table, row)
        self._dirty[table, key] = body
        if table == "calls":
            old = owners(before) if isinstance(before, CallRow) else frozenset()
            new = owners(row) if isinstance(row, CallRow) else frozenset()
            theirs = body
            if isinstance(row, CallRow) and row.hearers:
                theirs = encoded(table, for_agents(row))
            for agent in sorted(old | new):
                owns = agent in new
                self._tell(Audience(NOTHING, agent), "calls", key, theirs if owns else b"null")
        elif table == "agents":
            self._tell(Audience(NOTHING, key), "agents", key, body)
            queues = self._tables.queues_of(key)
            for queue in sorted(queues_before ^ queues):
                self._serves_or_not(key, queue, queue in queues, queue in queues_before)
        self._plan_flush()

    def _serves_or_not(self, agent: str, queue: str, serves: bool, did: bool) -> None:
        """An agent serves other queues now; he may be a supervisor as well."""
        known = self._tables.queues.get(queue)
        if serves and known is None and not did:
            return
        row = encoded("queues", known if serves else None)
        self._tell(Audience(NOTHING, agent), "queues", queue, row)
        for audience, feed in self._feeds.items():
            if audience.agent == agent and not audience.own_alone:
                self._tell_team(feed, "queues", queue, encoded("queues", known))

    def _tell(self, audience: Audience, table: Table, key: str, row: bytes) -> None:
        feed = self._feeds.get(audience)
        if feed is None:
            return
        frame = feed.append(table, key, row)
        for browser in self._viewers.get(audience, ()):
            browser.send(frame)

    def _plan_flush(self) -> None:
        if self._flush_timer is None:
            wait = self._flushed_at + COALESCE_SECONDS - self._clock.now()
            self._flush_timer = self._timers.call_later(max(0.0, wait), self._flush)

    def _flush(self) -> None:
        self._flush_timer = None
        self._flushed_at = self._clock.now()
        dirty, self._dirty = self._dirty, {}
        teams = [feed for audience, feed in self._feeds.items() if not audience.own_alone]
        for (table, key), row in dirty.items():
            for feed in teams:
                self._tell_team(feed, table, key, row)
            if table == "queues":
                for audience in list(self._feeds):
                    if audience.own_alone and self._tables.serves(audience.agent, key):
                        self._tell(audience, table, key, row)
                    # An agent who left the queue meanwhile was told so by the agent's own row.

    def _tell_team(self, feed: Feed, table: Table, key: str, row: bytes) -> None:
        """To those with a border, or with none: a row that left it goes from their screens."""
        audience, place = feed.audience, (table, key)
        if audience.everything:
            self._tell(audience, table, key, row)
            return
        if self._sees(audience, table, key):
            feed.shown.add(place)
            self._tell(audience, table, key, row)
        elif place in feed.shown:
            feed.shown.discard(place)
            self._tell(audience, table, key, b"null")

    def _sees(self, audience: Audience, table: Table, key: str) -> bool:
        """Whether the row is there, and inside."""
        if table == "calls":
            call = self._tables.calls.get(key)
            return call is not None and sees_call(audience, call)
        if table == "agents":
            return key in self._tables.agents and sees_agent(audience, key)
        return key in self._tables.queues and sees_queue(audience, key, self._tables)

    def _reply(self, reply: Reply) -> None:
        number, _, own_id = reply.command.partition(".")
        browser = self._browsers.get(int(number)) if number.isdecimal() else None
        if browser is not None and reply.agent in (browser.visitor.agent, browser.visitor.user):
            browser.send(_frame(wire.Reply(id=own_id, refusal=reply.refusal)))

    def _alarm(self, code: str, text: str) -> None:
        frame = _frame(wire.AlarmRaised(code=code, text=text, at=self._clock.now()))
        self._alarms = [*self._alarms[1 - ALARMS_KEPT :], frame]
        for browser in self._viewers.get(Audience(EVERYTHING), ()):
            if browser.visitor.role == "administrator":
                browser.send(frame)

    # -- browsers come and go --------------------------------------------------------------------
    def enter(self, browser: Browser, stopped_at: tuple[int, int] | None) -> CloseCode | None:
        """A console is there: it is given what it missed since `stopped_at`, else a snapshot.

        A code instead of None: it was not let in and is to be closed with this code."""
        visitor = browser.visitor
        same = sum(1 for other in self._browsers.values() if other.visitor.user == visitor.user)
        if same >= wire.SOCKETS_PER_USER:
            return CloseCode.TOO_MANY_CONSOLES
        self._browsers[browser.number] = browser
        self._seat(browser, self._audience(visitor))
        self._catch_up(browser, stopped_at)
        browser.send(_frame(self._links))
        if visitor.agent is not None:
            self._console_seen(visitor.agent)
        if self._sweep_timer is None:
            self._sweep_timer = self._timers.call_later(SWEEP_SECONDS, self._sweep)
        return None

    def _audience(self, visitor: Visitor) -> Audience:
        if visitor.wall is not None:
            return Audience(self._reach("wall", visitor.wall), figures_alone=True)
        return audience_of(self._reach(visitor.role, visitor.user), visitor.agent)

    def _seat(self, browser: Browser, audience: Audience) -> None:
        self._seated[browser.number] = audience
        self._viewers.setdefault(audience, set()).add(browser)
        self._left_at.pop(audience, None)
        if audience not in self._feeds:
            self._feeds[audience] = Feed(audience, next(self._epochs))

    def _unseat(self, browser: Browser) -> None:
        audience = self._seated.pop(browser.number)
        self._viewers[audience].discard(browser)
        if not self._viewers[audience]:
            del self._viewers[audience]
            self._left_at[audience] = self._clock.now()

    def news(
        self,
        what: News,
        *,
        agents: Collection[str] = (),
        inside: Callable[[Reach], bool] = lambda reach: False,
    ) -> None:
        """Something to be fetched: for these agents, and for those whose border says so."""
        frame = _frame(wire.News(what=what))
        for browser in self._browsers.values():
            mine = browser.visitor.agent is not None and browser.visitor.agent in agents
            watches = browser.visitor.wall is None and inside(self._seated[browser.number].reach)
            if mine or watches:
                browser.send(frame)

    def users_here(self) -> frozenset[str]:
        """Who has a console open."""
        return frozenset(one.visitor.user for one in self._browsers.values())

    def borders_changed(self) -> None:
        """Teams are others now: whoever sees something else gets a new picture at once."""
        for browser in list(self._browsers.values()):
            audience = self._audience(browser.visitor)
            if audience != self._seated[browser.number]:
                self._unseat(browser)
                self._seat(browser, audience)
                self._catch_up(browser, None)

    def leave(self, browser: Browser) -> None:
        """The console's connection is gone. Harmless when it never entered."""
        if self._browsers.pop(browser.number, None) is None:
            return
        self._unseat(browser)
        agent = browser.visitor.agent
        if agent is not None and not self.present(agent):
            self._grace[agent] = self._timers.call_later(GRACE_SECONDS, lambda: self._gone(agent))

    def resume(self, browser: Browser, message: wire.Resume) -> None:
        """A browser found a gap: replay if possible, else a fresh snapshot."""
        self._catch_up(browser, (message.epoch, message.seq))

    def _catch_up(self, browser: Browser, stopped_at: tuple[int, int] | None) -> None:
        visitor = browser.visitor
        feed = self._feeds[self._seated[browser.number]]
        missed = feed.since(*stopped_at) if stopped_at else None
        if missed is None or stopped_at is None:
            browser.send(_frame(self._snapshot(browser, feed)))
            if visitor.role == "administrator":
                for frame in self._alarms:
                    browser.send(frame)
            return
        now = self._clock.now()
        browser.send(_frame(wire.Resumed(epoch=feed.epoch, seq=stopped_at[1], clock=now)))
        for frame in missed:
            browser.send(frame)

    def _snapshot(self, browser: Browser, feed: Feed) -> wire.Snapshot:
        board = visible(feed.audience, self._tables)
        if not (feed.audience.everything or feed.audience.own_alone):
            feed.shown.update(("calls", key) for key in board.calls)
            feed.shown.update(("agents", key) for key in board.agents)
            feed.shown.update(("queues", key) for key in board.queues)
        return wire.Snapshot(
            epoch=feed.epoch,
            seq=feed.seq,
            clock=self._clock.now(),
            user=browser.visitor.name,
            role=browser.visitor.role,
            agent=browser.visitor.agent,
            border=_border(feed.audience),
            calls=list(board.calls.values()),
            agents=list(board.agents.values()),
            queues=list(board.queues.values()),
        )

    def present(self, agent: str) -> bool:
        """Whether a console of this agent is open."""
        return any(browser.visitor.agent == agent for browser in self._browsers.values())

    def _console_seen(self, agent: str) -> None:
        timer = self._grace.pop(agent, None)
        if timer is not None:
            timer.cancel()
            return  # back in time: the centre never knew
        others = sum(1 for browser in self._browsers.values() if browser.visitor.agent == agent)
        if others == 1:
            self._submit(ConsoleChanged(agent, connected=True))

    def _gone(self, agent: str) -> None:
        del self._grace[agent]
        self._submit(ConsoleChanged(agent, connected=False))

    # -- clicks ----------------------------------------------------------------------------------
    async def command(self, browser: Browser, command: Command) -> None:
        """Hand a click to the centre. What can be refused here is answered here."""
        visitor, reach = browser.visitor, self._seated[browser.number].reach
        number = f"{browser.number}.{command.id}"
        read = await self._clicks.read(visitor, reach, number, command, self._tables)
        if isinstance(read, str):
            self.refuse(browser, command.id, read)
        else:
            self._submit(read)

    def refuse(self, browser: Browser, id: str, reason: str) -> None:
        """Answer a command without asking the centre."""
        browser.send(_frame(wire.Reply(id=id, refusal=reason)))

    def pong(self, browser: Browser) -> None:
        browser.send(_frame(wire.Pong(clock=self._clock.now())))

    def problem(self, browser: Browser, text: str) -> None:
        browser.send(_frame(wire.Problem(text=text)))

    # -- housekeeping ----------------------------------------------------------------------------
    def session_ended(self, session: str) -> None:
        """Close the consoles of a session (log-out)."""
        self._close_where(lambda browser: browser.visitor.session == session)

    def user_changed(self, user: str, *, but: str | None = None) -> None:
        """Close the consoles of a user whose rights or password changed, save session `but`."""
        self._close_where(lambda one: one.visitor.user == user and one.visitor.session != but)

    def close_all(self) -> None:
        """The service stops; browsers come back by themselves."""
        for browser in list(self._browsers.values()):
            browser.close(CloseCode.GOING_DOWN, "the service stops")
        for timer in (self._sweep_timer, self._flush_timer, *self._grace.values()):
            if timer is not None:
                timer.cancel()

    def _close_where(self, matches: Callable[[Browser], bool]) -> None:
        for browser in [one for one in self._browsers.values() if matches(one)]:
            browser.close(CloseCode.SESSION_ENDED, "the session ended")

    def _sweep(self) -> None:
        now = self._clock.now()
        for browser in list(self._browsers.values()):
            browser.check(now)
        for audience, left_at in list(self._left_at.items()):
            if now - left_at > FEED_KEPT_SECONDS:
                del self._left_at[audience], self._feeds[audience]
        busy = self._browsers or self._left_at
        self._sweep_timer = self._timers.call_later(SWEEP_SECONDS, self._sweep) if busy else None


def _border(audience: Audience) -> Literal["none", "teams", "everything"]:
    if audience.everything:
        return "everything"
    return "none" if audience.own_alone else "teams"


def _frame(message: BaseModel) -> bytes:
    return text_frame(message.model_dump_json().encode())


def loop_timers() -> Timers:
    """The timers of the running event loop."""
    return asyncio.get_running_loop()
