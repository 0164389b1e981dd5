"""The state of one caller's way through a flow, as the kinds of nodes may see and change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.calendar import Calendar
from ivr.expression import ExpressionFailed, ExpressionWrong, compiled, value_of
from ivr.flow import Flow
from ivr.localtime import clock, local_time
from ivr.variables import CLOCK

TROUBLES_MAX = 50
PATH_MAX = 50
MENUS_MAX = 20


@dataclass(frozen=True, slots=True)
class Trouble:
    """A mistake of the flow that a caller ran into. `code`: dead-end (nothing follows), endless
    (too many nodes between two asks), undefined (no such variable), expression (it has no value
    here), limit (the caller has been at it for too long), data (an answer that cannot be used),
    calendar (holidays of this year are not filled in)."""

    code: str
    node: str
    text: str

    def __str__(self) -> str:
        return f"node {self.node}: {self.text}" if self.node else self.text


@dataclass(slots=True)
class Run:
    """`tries`, `stage` and `kept` belong to the visit of the present node and begin afresh with
    each; the rest belongs to the call. `seed` makes percentage splits repeatable."""

    flow: Flow
    variables: dict[str, object]
    language: str
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    seed: str = ""
    now: float = 0.0
    node: str = ""
    tries: int = 0
    stage: str = ""
    kept: str = ""
    path: list[str] = field(default_factory=list)
    menus: list[str] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)

    def set(self, name: str, value: object) -> None:
        """Give one of the flow's variables a value; from now on it is the flow's own."""
        self.variables[name] = value
        self.own.add(name)

    def choose(self, label: str) -> None:
        """Remember what the caller chose, for the agent's screen and the reports."""
        if len(self.path) < PATH_MAX:
            self.path.append(label)

    def trouble(self, code: str, text: str) -> None:
        if len(self.troubles) < TROUBLES_MAX:
            self.troubles.append(Trouble(code, self.node, text))

    def evaluate(self, text: str, extra: Mapping[str, object] | None = None) -> object:
        """The expression's value. Raises ExpressionFailed, after noting the trouble."""
        try:
            names = compiled(text).names
            variables = self.variables
            if extra or not CLOCK.isdisjoint(names) or "language" in names:
                variables = self._with(extra or {})
            return value_of(text, variables)
        except ExpressionWrong as wrong:
            self.trouble("expression", f"{text!r}: {wrong}")
            raise ExpressionFailed(str(wrong)) from None
        except ExpressionFailed as failed:
            code = "undefined" if "there is no variable" in str(failed) else "expression"
            self.trouble(code, f"{text!r}: {failed}")
            raise

    def _with(self, extra: Mapping[str, object]) -> dict[str, object]:
        there = local_time(self.now, self.flow.timezone)
        moment = {
            "date": there.date,
            "time": clock(there.minute),
            "weekday": there.weekday + 1,
            "language": self.language,
        }
        return {**self.variables, **moment, **extra}
