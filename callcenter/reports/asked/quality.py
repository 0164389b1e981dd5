"""Evaluations: by agent, form, section of a form, and interval; each by the time of the call.

Calibrations and drafts count for nothing. Scores are read as they were worked out when they were
handed in (`callcenter.quality.scoring`), by the version of the form they were made with.
"""

from __future__ import annotations

from typing import Any

from callcenter.reports.asking import Reading, Report, Row, Table, Value, Wanted

FIGURES = (
    "evaluations",
    "quality_score",
    "quality_passed",
    "quality_failed",
    "quality_disputed",
)
SECTION_FIGURES = ("evaluations", "quality_score")
CARDS = ("evaluations", "quality_score", "quality_passed", "quality_failed")
COLUMNS = """count(*) as made, count(score) as scored, sum(score)::float8 as points,
    count(*) filter (where passed) as passed,
    count(*) filter (where failed <> '{}') as failed, count(disputed) as disputed"""
COUNTED = "state <> 'draft' and calibration_id is null"


async def quality(reading: Reading, wanted: Wanted) -> Report:
    whole = await _whole(reading, wanted)
    earlier = wanted.earlier()
    before = None if earlier is None else await _whole(reading, earlier)
    return Report(
        "quality",
        wanted,
        _cards(whole),
        [
            Table("agents", ("agent",), FIGURES, await _by(reading, wanted, "agent"), whole),
            Table("forms", ("form",), FIGURES, await _by(reading, wanted, "form"), whole),
            Table(
                "sections", ("form", "section"), SECTION_FIGURES, await _sections(reading, wanted)
            ),
            Table("intervals", ("interval",), FIGURES, await _intervals(reading, wanted), whole),
        ],
        None if before is None else _cards(before),
    )


def _cards(whole: tuple[Value, ...]) -> dict[str, Value]:
    return {name: whole[FIGURES.index(name)] for name in CARDS}


async def _whole(reading: Reading, wanted: Wanted) -> tuple[Value, ...]:
    where, values = wanted.between("began_at")
    sql = f"select {COLUMNS} from evaluations where {COUNTED} and {where}"
    (row,) = await reading.rows(sql, **values)
    return _figures(row)


async def _by(reading: Reading, wanted: Wanted, key: str) -> list[Row]:
    where, values = wanted.between("began_at")
    found = await reading.rows(
        f"select {key} as key, {COLUMNS} from evaluations where {COUNTED} and {where}"
        " group by 1 order by 1",
        **values,
    )
    return [((row.key,), _figures(row)) for row in found]


async def _sections(reading: Reading, wanted: Wanted) -> list[Row]:
    """A section of which nothing applied is not counted."""
    where, values = wanted.between("began_at")
    found = await reading.rows(
        "select form, one.key as section, count(*) as made, avg(one.value::float8) as score"
        " from evaluations, jsonb_each_text(sections) one"
        f" where {COUNTED} and one.value is not null and {where}"
        " group by 1, 2 order by 1, 2",
        **values,
    )
    return [((row.form, row.section), (int(row.made), row.score)) for row in found]


async def _intervals(reading: Reading, wanted: Wanted) -> list[Row]:
    edges = wanted.edges()
    where, values = wanted.between("began_at")
    found = await reading.rows(
        "select width_bucket(began_at, cast(:edges as timestamptz[])) as place,"
        f" {COLUMNS} from evaluations where {COUNTED} and {where} group by 1 order by 1",
        edges=edges,
        **values,
    )
    by_place = {row.place: _figures(row) for row in found}
    nothing: tuple[Value, ...] = (0, None, None, None, None)
    return [
        ((edge.isoformat(),), by_place.get(place, nothing)) for place, edge in enumerate(edges, 1)
    ]


def _figures(row: Any) -> tuple[Value, ...]:
    made, scored = int(row.made), int(row.scored)
    return (
        made,
        row.points / scored if scored else None,
        row.passed / scored if scored else None,
        row.failed / made if made else None,
        row.disputed / made if made else None,
    )
