"""What came of a test case or a simulated call, in Chinese: sentences of `ivr.trying` and of the
troubles a caller ran into (`ivr.nodes.run.Trouble`), by their English."""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.flows.mistakes import REASONS
from callcenter.flows.sentences import Sentences

TROUBLES: Mapping[str, str] = {
    "there is no node {} to go to": "没有要去的节点 {}",
    "nothing follows at port {}": "出口 {} 之后没有去向",
    "round in a circle without a word to the caller": "一直绕圈，来电者什么也听不到",
    "more than {} questions in one call": "一通电话超过 {} 个问题",
    "the answer cannot be used: {}": "无法使用返回的内容：{}",
    "the answer has nothing at {}": "返回的内容中没有 {}",
    "there is no number to send the text to": "没有可发短信的号码",
    "{} cannot be said as {}": "{} 无法按 {} 播报",
    "what was worked out is no number that can be dialled": "算出的不是可拨打的号码",
    "there is no calendar {}; taken as open": "没有日历 {}；按营业处理",
    "the holidays of {} are not filled in": "{} 的节假日没有数据",
    "the sub-flow at node {} was not linked in": "节点 {} 的子流程没有接入",
}

RESULTS: Mapping[str, str] = {
    "the call came to no end within {} questions": "{} 个问题之内来电没有结束",
    "the call was over, or asked for something else, before: {}": (
        "来电已结束，或在等别的，还没轮到：{}"
    ),
    "the language is {}, expected was {}": "语言是 {}，应为 {}",
    "{}: {} did not come (in order)": "{}：没有（按顺序）出现 {}",
    "{}: {} did not come": "{}：没有出现 {}",
    "variable {} is {}, expected was {}": "变量 {} 是 {}，应为 {}",
    "the call ended in {}, expected was {}": "来电止于 {}，应为 {}",
    "the {} is {}, expected was {}": "{} 是 {}，应为 {}",
    "skill {} is asked for at {}, expected was at least {}": "技能 {} 要求 {}，应至少 {}",
    "the priority is {}, expected was {}": "优先级是 {}，应为 {}",
    "skills and priority were expected, but the call ended in {}": (
        "应有技能和优先级，但来电止于 {}"
    ),
    "the flow looked up {}, for which the test has nothing: write {}": (
        "流程查询了 {}，但测试用例没有为它准备数据：请写 {}"
    ),
}

_TROUBLES = Sentences({**REASONS, **TROUBLES})
_RESULTS = Sentences(RESULTS)
FLOW_MISTAKE = "mistake in the flow: "


def trouble_in_chinese(trouble: str) -> str:
    """A trouble as text; the node before the colon is named."""
    place, colon, rest = trouble.partition(": ")
    if colon and place.startswith("node "):
        return f"节点 {place.removeprefix('node ')}：{_TROUBLES.said(rest)}"
    return _TROUBLES.said(trouble)


def result_in_chinese(problem: str) -> str:
    """Why a test case failed."""
    if problem.startswith(FLOW_MISTAKE):
        return f"流程有错误：{trouble_in_chinese(problem.removeprefix(FLOW_MISTAKE))}"
    return _RESULTS.said(problem)
