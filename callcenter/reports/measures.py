"""Figures that are no sums of facts: percentiles, and those of tickets, callbacks, menus, surveys
and callers. Each is worked out by the report that shows it; its definition stands here.
"""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.reports.defining import measure as _measure
from callcenter.reports.figures_of_trunks import LINES_IN_USE
from callcenter.reports.measures_of_quality import QUALITY
from callcenter.reports.metrics import Figure

RETURN_DAYS = 7


FORECASTS: tuple[Figure, ...] = (
    _measure(
        "calls_expected",
        "ratio",
        ("Calls expected", "预计来电"),
        (
            "Weighted mean of the same interval on the same weekday of the last eight weeks with"
            " calls; each week counts 0.8 times the one after it.",
            "最近八个有来电的同一星期同一时段的加权平均；每早一周权重乘以 0.8。",
        ),
    ),
    _measure(
        "aht_expected",
        "seconds",
        ("AHT expected", "预计处理时长"),
        (
            "Mean handling time of the same hour of the day in the last sixteen weeks.",
            "最近十六周同一小时的平均处理时长。",
        ),
    ),
    _measure(
        "agents_needed",
        "count",
        ("Agents needed", "所需坐席"),
        (
            "The fewest agents at work for 80 % answered within the target, occupied at most 90 %,"
            " by Erlang A with the patience of past callers. Pauses are not in it.",
            "使 80% 在目标时间内接听且占用率不超过 90% 的最少在岗坐席（Erlang A，"
            "耐心取自以往来电）。不含小休。",
        ),
    ),
    _measure(
        "agents_planned",
        "ratio",
        ("Agents planned", "计划坐席"),
        (
            "Planned work of the agents who serve these queues within the interval ÷ its length;"
            " breaks are not in it. Empty where nobody is planned in the whole period: without a"
            " shift plan nothing is known.",
            "服务这些队列的坐席在该时段内的计划工作时长 ÷ 时段长度，不含休息。"
            "整个期间没有排班时为空：没有排班就无从得知。",
        ),
    ),
    _measure(
        "agents_over",
        "ratio",
        ("Planned - needed", "计划 - 所需"),
        (
            "Agents planned - agents needed; below zero there are too few.",
            "计划坐席 - 所需坐席；负数表示人手不足。",
        ),
    ),
    _measure(
        "agents_most",
        "count",
        ("Most agents", "坐席峰值"),
        ("The most agents needed in any interval.", "各时段所需坐席的最大值。"),
    ),
    _measure(
        "sl_expected",
        "share",
        ("Service level expected", "预计服务水平"),
        (
            "With so many agents: answered in target ÷ offered.",
            "在该坐席数下：目标内接听 ÷ 进入队列。",
        ),
    ),
    _measure(
        "sl_one_fewer",
        "share",
        ("With one fewer", "少一名时"),
        ("The service level with one agent fewer.", "少一名坐席时的服务水平。"),
    ),
    _measure(
        "sl_one_more",
        "share",
        ("With one more", "多一名时"),
        ("The service level with one agent more.", "多一名坐席时的服务水平。"),
    ),
    _measure(
        "wait_expected",
        "seconds",
        ("Mean wait expected", "预计平均等待"),
        ("With so many agents, of all callers.", "在该坐席数下全部来电者的平均等待。"),
    ),
    _measure(
        "abandons_expected",
        "share",
        ("Abandons expected", "预计放弃率"),
        ("With so many agents: abandoned ÷ offered.", "在该坐席数下：放弃 ÷ 进入队列。"),
    ),
    _measure(
        "occupancy_expected",
        "share",
        ("Occupancy expected", "预计占用率"),
        (
            "With so many agents: the share of their time with calls.",
            "在该坐席数下坐席忙于来电的时间占比。",
        ),
    ),
    _measure(
        "forecast_error",
        "share",
        ("Error of the forecast", "预测误差"),
        (
            "On the last four weeks, each day forecast a week before: sum of what the intervals"
            " were off ÷ calls that came.",
            "最近四周、各日提前一周预测：各时段偏差之和 ÷ 实际来电。",
        ),
    ),
    _measure(
        "naive_error",
        "share",
        ("Error of last week once more", "照搬上周的误差"),
        (
            "The same for the plainest rule: as many calls as a week before.",
            "同样方法，以上周同一时段作为预测的误差。",
        ),
    ),
)
MEASURES: Mapping[str, Figure] = {
    one.name: one
    for one in (
        _measure(
            "wait_p50",
            "seconds",
            ("Median wait", "等待中位数"),
            (
                "Half of the answered callers waited at most so long (nearest rank).",
                "一半已接听来电者的等待不超过此值（最近秩）。",
            ),
            behind="answered",
        ),
        _measure(
            "wait_p90",
            "seconds",
            ("Wait, 90 %", "等待 90 分位"),
            (
                "Nine in ten of the answered callers waited at most so long (nearest rank).",
                "九成已接听来电者的等待不超过此值（最近秩）。",
            ),
            behind="answered",
        ),
        _measure(
            "wait_max",
            "seconds",
            ("Longest wait", "最长等待"),
            ("The longest wait of an answered caller.", "已接听来电者中的最长等待。"),
            behind="answered",
        ),
        _measure(
            "answered_by_then",
            "share",
            ("Answered by then", "累计接听率"),
            (
                "Answered within the upper end of the row ÷ all answered.",
                "在该行上限之内接听 ÷ 全部已接听。",
            ),
            behind="answered",
        ),
        _measure(
            "abandoned_by_then",
            "share",
            ("Abandoned by then", "累计放弃率"),
            (
                "Abandoned within the upper end of the row ÷ all abandoned.",
                "在该行上限之内放弃 ÷ 全部放弃。",
            ),
            behind="abandoned",
        ),
        _measure(
            "spent",
            "seconds",
            ("Time", "时长"),
            ("Time spent in the state within the period.", "期间内处于该状态的时长。"),
        ),
        _measure(
            "share_of_time",
            "share",
            ("Share", "占比"),
            (
                "Time in the state ÷ time signed in of the same agent.",
                "该状态时长 ÷ 同一坐席的登录时长。",
            ),
        ),
        _measure(
            "journeys",
            "count",
            ("Entered", "进入流程"),
            (
                "Ways of callers through a flow that are over; each counts when it began.",
                "已结束的流程经历；按进入时刻归属。",
            ),
            behind="journeys",
        ),
        _measure(
            "contained",
            "count",
            ("Self-served", "自助完成"),
            (
                "Callers served in the menu without an agent.",
                "在菜单中完成、无需坐席的来电者。",
            ),
            behind="contained",
        ),
        _measure(
            "containment",
            "share",
            ("Containment", "自助率"),
            ("Self-served ÷ entered.", "自助完成 ÷ 进入流程。"),
            behind="contained",
        ),
        _measure(
            "journey_seconds",
            "seconds",
            ("Mean time in the menu", "菜单平均时长"),
            (
                "From entering the flow to its end.",
                "从进入流程到流程结束的平均时长。",
            ),
            behind="journeys",
        ),
        _measure(
            "tickets_made",
            "count",
            ("Tickets opened", "新建工单"),
            ("Tickets created in the period.", "期间内新建的工单。"),
            behind="tickets_made",
        ),
        _measure(
            "tickets_solved",
            "count",
            ("Solved", "已解决"),
            (
                "Of the tickets opened in the period: those solved by now.",
                "期间内新建、目前已解决的工单。",
            ),
            behind="tickets_solved",
        ),
        _measure(
            "tickets_first_late",
            "count",
            ("First answer late", "首次答复超时"),
            (
                "Tickets opened whose first answer came after its deadline, or is overdue now.",
                "首次答复晚于时限，或目前已逾期的工单。",
            ),
            behind="tickets_first_late",
        ),
        _measure(
            "tickets_late",
            "count",
            ("Solution late", "解决超时"),
            (
                "Tickets opened whose solution came after its deadline, or is overdue now.",
                "解决晚于时限，或目前已逾期的工单。",
            ),
            behind="tickets_late",
        ),
        _measure(
            "ticket_hours",
            "seconds",
            ("Mean time to solve", "平均解决时长"),
            (
                "From opening to solving, by the clock on the wall, of those solved.",
                "已解决工单从新建到解决的自然时长平均值。",
            ),
            behind="tickets_solved",
        ),
        _measure(
            "callbacks_asked",
            "count",
            ("Callbacks asked for", "回电请求"),
            ("Callbacks asked for in the period.", "期间内提出的回电。"),
            behind="callbacks_asked",
        ),
        _measure(
            "callbacks_served",
            "count",
            ("Served", "已完成"),
            (
                "Of these: the customer talked with an agent, called back or by calling himself.",
                "其中客户已与坐席通话（回电接通或客户自行来电）。",
            ),
            behind="callbacks_served",
        ),
        _measure(
            "callbacks_lost",
            "count",
            ("Given up or cancelled", "放弃或取消"),
            (
                "Of these: not reached often enough, or cancelled.",
                "其中多次未接通而放弃，或被取消。",
            ),
            behind="callbacks_lost",
        ),
        _measure(
            "callbacks_open",
            "count",
            ("Still open", "未完成"),
            ("Of these: not over yet.", "其中尚未结束。"),
            behind="callbacks_open",
        ),
        _measure(
            "callbacks_scheduled",
            "count",
            ("Scheduled", "未到时间"),
            (
                "Of those still open: agreed with the customer for a time that has not come, or"
                " asked for after hours that have not begun. They are in no line and wait for"
                " nothing yet.",
                "未完成的回电中与客户约定了时间、且时间未到的，以及非服务时间提出、服务时间未到的。"
                "它们不在队列中，也不算等待。",
            ),
            behind="callbacks_scheduled",
        ),
        _measure(
            "callback_tries",
            "ratio",
            ("Tries each", "平均尝试次数"),
            ("Times the customer was dialled ÷ callbacks.", "拨打次数 ÷ 回电数。"),
            behind="callbacks_asked",
        ),
        _measure(
            "callback_wait",
            "seconds",
            ("Mean wait until served", "平均完成等待"),
            (
                "From asking, or from the time that was agreed or the hours began, until the"
                " callback was over, of those served.",
                "已完成回电从提出（约定了时间的从约定时间，非服务时间提出的从服务时间开始）"
                "到结束的平均时长。",
            ),
            behind="callbacks_served",
        ),
        _measure(
            "answers",
            "count",
            ("Answers", "答复数"),
            ("Scores given in surveys.", "问卷评分数。"),
            behind="answers",
        ),
        _measure(
            "score",
            "ratio",
            ("Mean score", "平均分"),
            ("Sum of the scores ÷ answers.", "评分总和 ÷ 答复数。"),
            behind="answers",
        ),
        _measure(
            "satisfied",
            "share",
            ("Satisfied (4 or 5)", "满意率（4 或 5 分）"),
            ("Scores of 4 or more ÷ answers.", "4 分及以上 ÷ 答复数。"),
            behind="satisfied",
        ),
        _measure(
            "callers",
            "count",
            ("Different callers", "不同来电者"),
            (
                "Different numbers among the calls; withheld numbers are not counted.",
                "来电中的不同号码数；隐藏号码不计。",
            ),
        ),
        _measure(
            "repeat_calls",
            "count",
            ("Repeat calls", "重复来电"),
            (
                f"Calls from a number that had called within {RETURN_DAYS} days before.",
                f"此前 {RETURN_DAYS} 天内曾来电的号码的来电。",
            ),
            behind="repeat_calls",
        ),
        _measure(
            "first_contact",
            "share",
            ("First-contact resolution", "首次解决率"),
            (
                "Calls with an agent after which the same number did not call again within"
                f" {RETURN_DAYS} days ÷ calls with an agent. Calls of the last {RETURN_DAYS} days"
                " may still change it.",
                f"坐席通话后 {RETURN_DAYS} 天内同一号码未再来电 ÷ 坐席通话数。"
                f"最近 {RETURN_DAYS} 天的来电仍可能改变它。",
            ),
            behind="first_contact",
        ),
        _measure(
            "not_as_planned",
            "seconds",
            ("How long", "时长"),
            (
                "How long it was not as planned; what is shorter than a minute is in the figures"
                " and not listed.",
                "与计划不符的时长；不足一分钟的计入指标但不列出。",
            ),
        ),
        *LINES_IN_USE,
        *FORECASTS,
        *QUALITY,
    )
}
