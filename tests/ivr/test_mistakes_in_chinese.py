"""The mistakes that the tests of flows know are told in Chinese too, with nothing of them lost."""

from __future__ import annotations

import re

import pytest

from callcenter.flows.mistakes import CURES, REASONS, cure_in_chinese, reason_in_chinese
from callcenter.flows.outcomes import RESULTS, TROUBLES, result_in_chinese
from ivr.problems import Problem
from ivr.reading import read_flow
from tests.ivr.test_every_rule import CASES, MADE_BY_HAND, Case, found
from tests.ivr.test_reading import NODE_MISTAKES
from tests.ivr.walking import flow_text

pytestmark = pytest.mark.pure

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("case", [*CASES, *MADE_BY_HAND], ids=lambda case: case.said[:40])
def test_every_rule_of_the_checker_is_told_in_chinese(case: Case) -> None:
    for problem in found(case):
        is_told(problem)


@pytest.mark.parametrize("node", [node for node, _ in NODE_MISTAKES])
def test_every_mistake_in_a_node_is_told_in_chinese(node: str) -> None:
    for problem in read_flow(flow_text(node + "\n"))[1]:
        is_told(problem)


def is_told(problem: Problem) -> None:
    assert HAN.search(reason_in_chinese(problem.reason)), problem.reason
    assert HAN.search(cure_in_chinese(problem.cure)), problem.cure
    for name in re.findall(r"'([^' ]+)'", problem.reason):  # names, as they were written
        if f"'{name}'" not in str(REASONS.keys()):
            assert name in reason_in_chinese(problem.reason)


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("nothing follows when afterwards", "以下情况之后没有去向：之后"),
        ("variable 'a' in 'a + 1' may have no value here", "'a + 1' 中的变量 'a' 在这里可能没有值"),
        ("mon: '9-5' is not a span of time", "mon: '9-5' 不是时间段"),
        ("something nobody has translated", "something nobody has translated"),
    ],
)
def test_gaps_are_filled_and_strangers_stay(english: str, chinese: str) -> None:
    assert reason_in_chinese(english) == chinese


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the call ended in hangup done, expected was queue", "来电止于 hangup done，应为 queue"),
        ("the queue is 'a', expected was 'b'", "queue 是 'a'，应为 'b'"),
        ("hears: 'bye' did not come (in order)", "hears：没有（按顺序）出现 'bye'"),
        (
            "mistake in the flow: node first: there is no calendar 'x'; taken as open",
            "流程有错误：节点 first：没有日历 'x'；按营业处理",
        ),
    ],
)
def test_why_a_test_case_failed_is_told_in_chinese(english: str, chinese: str) -> None:
    assert result_in_chinese(english) == chinese


def test_no_gap_is_lost() -> None:
    for table in (REASONS, CURES, TROUBLES, RESULTS):
        for english, chinese in table.items():
            gaps = len(re.findall(r"\{\d?\}", chinese))
            assert gaps in (english.count("{}"), 0), english
