"""What the service sends to Asterisk's manager, read off the line as it passes."""

from __future__ import annotations

from collections import defaultdict

from tests.faults.history import History
from tests.faults.observer import frames

NOTED = ("Redirect", "Originate")


class Actions:
    """Hand `heard` to the proxy; the actions that move calls go into the history."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._rest: dict[int, bytes] = defaultdict(bytes)
        self.listening = 0
        """The connection that was last logged in to be told what happens."""

    def heard(self, connection: int, data: bytes) -> None:
        found, self._rest[connection] = frames(self._rest[connection] + data)
        for frame in found:
            if frame.get("Action") == "Login" and frame.get("Events") == "on":
                self.listening = connection
            if frame.get("Action") in NOTED:
                self._history.add(
                    "action",
                    action=frame["Action"],
                    channel=frame.get("Channel", ""),
                    context=frame.get("Context", ""),
                    exten=frame.get("Exten", ""),
                    id=frame.get("ChannelId", ""),
                    connection=connection,
                )
