"""The gate before a flow is put to use: it is read, linked, checked, and its test cases are run.

Works on drafts too, whose mistakes are wanted all at once while somebody is drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from callcenter.calendars import HolidaysUnknown, all_with_holidays
from ivr.calendar import Calendar
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.linking import link
from ivr.problems import Problem
from ivr.reading import located, read_draft
from ivr.story import ANY_DAY
from ivr.trying import Coverage, Tried, coverage, try_all

NO_COVERAGE = Coverage(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Examined:
    """`flow` as it was drawn, `linked` with its sub-flows put in; None: it is no flow at all.
    `parts`: the versions of the sub-flows that were put in. Test cases are only run (`tried`) when
    there are no problems."""

    flow: Flow | None
    linked: Flow | None
    problems: tuple[Problem, ...]
    parts: Mapping[str, int]
    tried: tuple[Tried, ...] = ()
    coverage: Coverage = NO_COVERAGE

    @property
    def failed(self) -> tuple[Tried, ...]:
        return tuple(result for result in self.tried if not result.passed)

    @property
    def passed(self) -> bool:
        """Whether it may be published."""
        return self.linked is not None and not self.problems and not self.failed


def find_mistakes(text: str, known: Known) -> tuple[Flow | None, list[Problem]]:
    """The flow in `text`, as far as it can be read, and everything wrong with it, with lines."""
    flow, problems = read_draft(text)
    if flow is None:
        return None, problems
    problems = [*problems, *_strange_calendars(flow), *check(flow, known)]
    unique = {(p.node, p.port, p.setting, p.code, p.reason): p for p in problems}
    return flow, located(list(unique.values()), text)


def examine(
    text: str, known: Known, calendars: Mapping[str, Calendar] | None = None, *, tests: bool = True
) -> Examined:
    """Everything that is asked of a flow before callers hear it. `calendars` are the centre's, with
    their holidays filled in; `tests` False leaves the test cases out."""
    flow, problems = find_mistakes(text, known)
    if flow is None or problems:
        return Examined(flow, None, tuple(problems), {})
    linked, _ = link(flow, known.flows)
    parts = _parts(flow, known.flows)
    if not tests:
        return Examined(flow, linked, (), parts)
    tried, covered = run_tests(linked, calendars)
    return Examined(flow, linked, (), parts, tuple(tried), covered)


def run_tests(
    linked: Flow, calendars: Mapping[str, Calendar] | None = None
) -> tuple[list[Tried], Coverage]:
    """Runs the test cases of a linked flow, with the public holidays of the years they play in.
    Raises HolidaysUnknown."""
    years = {int(str(test.get("at", ANY_DAY))[:4]) for test in linked.tests if _has_year(test)}
    years.add(int(ANY_DAY[:4]))
    filled = replace(linked, calendars=all_with_holidays(linked.calendars, years))
    tried = try_all(filled, all_with_holidays(calendars or {}, years) or None)
    return tried, coverage(filled, tried)


def _has_year(test: Mapping[str, object]) -> bool:
    return str(test.get("at", ""))[:4].isdecimal()


def _strange_calendars(flow: Flow) -> Iterable[Problem]:
    for name, calendar in flow.calendars.items():
        try:
            all_with_holidays({name: calendar}, (int(ANY_DAY[:4]),))
        except HolidaysUnknown as unknown:
            reason = f"calendar {name!r}: no holidays are known for {unknown}"
            cure = "name another country, or write the holidays one by one"
            yield Problem(None, "", "", reason, cure, "calendars", "holidays")


def _parts(flow: Flow, library: Mapping[str, Flow]) -> dict[str, int]:
    """Every flow that is put in, through sub-flows of sub-flows."""
    out: dict[str, int] = {}
    todo = [flow]
    while todo:
        for name in uses_of(todo.pop()):
            if name in library and name not in out:
                out[name] = library[name].version
                todo.append(library[name])
    return dict(sorted(out.items()))


def uses_of(flow: Flow) -> set[str]:
    """The flows that its sub-flow nodes name."""
    return {
        str(node.settings["flow"])
        for node in flow.nodes.values()
        if node.kind == "subflow" and "flow" in node.settings
    }
