"""The journal: what is written is what is read, whatever it is and wherever it was torn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.core.centre import Centre
from callcenter.core.commands import AgentAction
from callcenter.core.effects import Alarm
from callcenter.core.inputs import AgentDid, CallEnded, ConfigChanged, EpochTaken, Input, Tick
from callcenter.runtime import journal as module
from callcenter.runtime.journal import Journal, JournalUnreadable, converter, read_lines
from tests.world.houses import house

pytestmark = pytest.mark.pure

plain_floats = st.floats(allow_nan=False)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | plain_floats | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
st.register_type_strategy(float, plain_floats)
st.register_type_strategy(object, json_values)


def few(kind: type) -> st.SearchStrategy[object]:
    """A whole configuration is many tables; two rows of each say as much as ten."""
    key, value = get_args(kind)
    return st.dictionaries(st.from_type(key), st.from_type(value), max_size=2)


st.register_type_strategy(Mapping, few)


def facts_of(kind: type) -> st.SearchStrategy[object]:
    return st.from_type(kind)


@pytest.mark.parametrize("kind", get_args(Input), ids=lambda kind: kind.__name__)
def test_every_kind_of_input_is_read_back_as_it_was(kind: type) -> None:
    @settings(max_examples=30, deadline=None, database=None)
    @given(facts_of(kind))
    def there_and_back(fact: object) -> None:
        plain = converter().unstructure(fact, unstructure_as=Input)
        again: object = converter().structure(json.loads(json.dumps(plain)), Input)  # type: ignore[arg-type]
        assert again == fact
        assert type(again) is kind

    there_and_back()


@pytest.mark.parametrize("kind", get_args(AgentAction), ids=lambda kind: kind.__name__)
def test_every_click_is_read_back_as_it_was(kind: type) -> None:
    @settings(max_examples=20, deadline=None, database=None)
    @given(facts_of(kind))
    def there_and_back(action: object) -> None:
        fact = AgentDid("ada", "k1", action)  # type: ignore[arg-type]
        plain = converter().unstructure(fact, unstructure_as=Input)
        again: object = converter().structure(json.loads(json.dumps(plain)), Input)  # type: ignore[arg-type]
        assert again == fact

    there_and_back()


def written(folder: Path, *facts: Input) -> Path:
    journal = Journal(folder)
    journal.open_segment(Centre())
    for n, fact in enumerate(facts):
        journal.begin(fact, float(n))
        journal.end([Alarm("a", f"b{n}")])
    journal.close()
    (segment,) = folder.glob("inputs-*.jsonl")
    return segment


FACTS: tuple[Input, ...] = (
    EpochTaken(3),
    ConfigChanged(house()),
    CallEnded("李\u2028明\n\x00"),
    Tick(),
)


def test_lines_come_back_with_their_times(tmp_path: Path) -> None:
    lines = list(read_lines(written(tmp_path, *FACTS)))
    assert [(line.at, line.fact) for line in lines] == list(enumerate(FACTS))
    assert all(isinstance(line.mark, int) for line in lines)


def test_a_last_line_torn_anywhere_costs_at_most_itself(tmp_path: Path) -> None:
    segment = written(tmp_path, Tick(), CallEnded("李明张伟"))
    whole = segment.read_bytes()
    start = whole.index(b"\n") + 1
    for cut in range(start, len(whole)):
        segment.write_bytes(whole[:cut])
        lines = list(read_lines(segment))
        assert lines[0].fact == Tick()
        for line in lines[1:]:
            assert line.fact == CallEnded("李明张伟")
            assert line.mark is None or cut == len(whole) - 1, "a part of a mark is no mark"
        input_is_there = cut >= whole.index(b',"e":', start)
        assert len(lines) == (2 if input_is_there else 1), whole[start:cut]


def test_a_step_that_never_ended_has_no_mark(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.open_segment(Centre())
    journal.begin(Tick(), 1.0)
    journal.close()
    (segment,) = tmp_path.glob("inputs-*.jsonl")
    (line,) = read_lines(segment)
    assert (line.at, line.fact, line.mark) == (1.0, Tick(), None)


def test_a_whole_line_that_is_no_input_is_said_to_be_unreadable(tmp_path: Path) -> None:
    segment = written(tmp_path)
    segment.write_text('{"t":1.0,"i":{"_class":"Moonrise"},"e":1}\n')
    with pytest.raises(JournalUnreadable):
        list(read_lines(segment))


def test_a_new_segment_removes_what_came_before(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    for _ in range(3):
        journal.open_segment(Centre())
    journal.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "centre-3.checkpoint",
        "inputs-3.jsonl",
    ]


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "deep" / "journal")
    journal.open_segment(Centre())
    journal.close()
    modes = {path.stat().st_mode & 0o777 for path in journal.folder.iterdir()}
    assert modes == {0o600}
    assert journal.folder.stat().st_mode & 0o777 == 0o700


def test_a_checkpoint_of_other_code_is_not_even_unpickled(tmp_path: Path) -> None:
    written(tmp_path)
    (checkpoint,) = tmp_path.glob("*.checkpoint")
    head, _, _ = checkpoint.read_bytes().partition(b"\n")
    checkpoint.write_bytes(b"0" * len(head) + b"\n" + b"cposix\nabort\n(tR.")
    assert Journal(tmp_path).latest() == (None, None)


@pytest.mark.parametrize("keep", [0, 10, 64, 65, 80, 300])
def test_a_damaged_checkpoint_means_a_cold_start(tmp_path: Path, keep: int) -> None:
    written(tmp_path)
    (checkpoint,) = tmp_path.glob("*.checkpoint")
    checkpoint.write_bytes(checkpoint.read_bytes()[:keep])
    assert Journal(tmp_path).latest() == (None, None)


def test_a_segment_is_full_after_so_many_inputs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECKPOINT_EVERY", 2)
    journal = Journal(tmp_path)
    journal.open_segment(Centre())
    assert not journal.full
    for _ in range(2):
        journal.begin(Tick(), 1.0)
        journal.end([])
    assert journal.full
    journal.open_segment(Centre())
    assert not journal.full
    journal.close()


def test_an_input_is_on_disk_before_it_is_stepped(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.open_segment(Centre())
    journal.begin(CallEnded("c1"), 1.0)
    (segment,) = tmp_path.glob("inputs-*.jsonl")
    with open(segment, "rb") as file:
        assert b"CallEnded" in file.read()
    journal.close()
