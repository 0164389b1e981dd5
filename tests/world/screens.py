"""All consoles at once: a board that is only ever changed by `Show`, the replies and the alarms."""

from __future__ import annotations

from collections import deque

from callcenter.core.board import AgentRow, Board, CallRow, QueueRow
from callcenter.core.effects import Alarm, Reply, ScreenEffect, Show


class FakeScreens:
    def __init__(self) -> None:
        self.calls: dict[str, CallRow] = {}
        self.agents: dict[str, AgentRow] = {}
        self.queues: dict[str, QueueRow] = {}
        self.replies: dict[str, str | None] = {}
        self.alarms: deque[Alarm] = deque(maxlen=500)

    def perform(self, effect: ScreenEffect) -> None:
        match effect:
            case Show():
                self.show(effect)
            case Reply():
                self.replies[effect.command] = effect.refusal
            case Alarm():
                self.alarms.append(effect)

    def show(self, change: Show) -> None:
        table: dict[str, object] = getattr(self, change.table)
        if change.row is None:
            del table[change.key]
        else:
            table[change.key] = change.row

    def board(self) -> Board:
        return Board(dict(self.calls), dict(self.agents), dict(self.queues))

    def take_snapshot(self, board: Board) -> None:
        """As every browser does when the service has been away."""
        self.calls = dict(board.calls)
        self.agents = dict(board.agents)
        self.queues = dict(board.queues)
