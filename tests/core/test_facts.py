"""What travels on the channel: narrow characters, any text, and nothing believed too easily."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.core import facts

pytestmark = pytest.mark.pure

VALUE = re.compile(r"^[A-Za-z0-9_.:;/+@-]{0,200}$")
texts = st.text(max_size=30)


@given(texts)
def test_any_text_survives_in_narrow_characters(text: str) -> None:
    packed = facts.pack(text)
    assert re.fullmatch(r"[A-Za-z0-9_.:;/+@-]*", packed)
    assert facts.unpack(packed) == text


@given(st.lists(texts.filter(bool), max_size=20).map(tuple))
def test_of_a_path_that_does_not_fit_the_latest_choices_survive(path: tuple[str, ...]) -> None:
    packed = facts.pack_path(path)
    assert VALUE.fullmatch(packed)
    kept = facts.unpack_path(packed)
    assert kept == path[len(path) - len(kept) :]


@given(st.dictionaries(st.text(min_size=1, max_size=20), st.integers(0, 10), max_size=30))
def test_skills_come_back_whole_or_not_at_all(skills: dict[str, int]) -> None:
    packed = facts.pack_skills(skills)
    assert VALUE.fullmatch(packed)
    assert facts.unpack_skills(packed).items() <= skills.items()


def test_few_skills_all_come_back() -> None:
    skills = {"tech": 5, "中文": 3, "a;b:c": 10}
    assert facts.unpack_skills(facts.pack_skills(skills)) == skills


@given(st.dictionaries(st.sampled_from(["enq", "try", "offer", "talk", "skills"]), texts))
def test_garbage_on_a_channel_is_never_an_exception(found: dict[str, str]) -> None:
    facts.number(found, "enq")
    facts.attempt(found)
    facts.offered_to(found)
    facts.talk_began(found)
    facts.unpack_skills(found.get("skills", ""))
    facts.unpack_path(found.get("skills", ""))


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "-inf", "1e999"])
def test_what_is_no_finite_number_is_none(text: str) -> None:
    assert facts.number({"enq": text}, "enq") is None


def test_an_agent_noted_for_an_older_offer_is_not_taken_for_the_present() -> None:
    assert facts.offered_to({"try": "2", "offer": "2:ada"}) == ("ada",)
    assert facts.offered_to({"try": "2", "offer": "2:ada+bob"}) == ("ada", "bob")
    assert facts.offered_to({"try": "3", "offer": "2:ada"}) == ()
    assert facts.talks_with({"try": "2", "talk": "2:17.5", "agent": "bob"}) == "bob"
    assert facts.talks_with({"try": "3", "talk": "2:17.5", "agent": "bob"}) == ""
    assert facts.talk_began({"try": "2", "talk": "2:17.5"}) == 17.5
    assert facts.talk_began({"try": "3", "talk": "2:17.5"}) is None
