"""All figures with their titles and definitions, in English and Chinese.

Each text says what is counted and, for a share or a mean, what is divided by what; it is shown in
the console beside the figure and stands in docs/metrics.md.
"""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.reports.defining import share_of, whole
from callcenter.reports.figures_of_agents import AGENTS, STATES
from callcenter.reports.figures_of_plan import PLANS
from callcenter.reports.figures_of_trunks import TRUNKS
from callcenter.reports.metrics import SHORT_ABANDON_SECONDS, Figure

LINES: tuple[Figure, ...] = (
    whole(
        "offered",
        ("Offered", "进入队列"),
        (
            "Callers who joined the queue for the first time in their call. A callback counts once,"
            " from when it was asked for; one agreed for a later time from that time on, one asked"
            " for after hours from when they begin, and not at all if it is cancelled before."
            " Offered = answered + abandoned + sent on + waiting now.",
            "在本次通话中首次进入该队列的来电者。回电从提出时起算一次；约定了时间的回电从约定时间起算，"
            "非服务时间提出的从服务时间开始起算，在此之前取消的不计。"
            "进入队列 = 已接听 + 放弃 + 转出 + 仍在等待。",
        ),
    ),
    whole(
        "answered",
        ("Answered", "已接听"),
        (
            "Callers of those offered whom an agent of this queue answered.",
            "进入队列的来电者中由该队列坐席接听的人数。",
        ),
        "up",
    ),
    whole(
        "abandoned",
        ("Abandoned", "放弃"),
        (
            "Callers of those offered who hung up before an agent answered; callbacks that were"
            " cancelled or given up count too.",
            "进入队列后在坐席接听前挂断的来电者；被取消或放弃的回电也计入。",
        ),
        "down",
    ),
    whole(
        "diverted",
        ("Sent on", "转出"),
        (
            "Callers who left the queue unanswered and not by hanging up: by an overflow rule,"
            " moved by a supervisor, to voicemail or to the fallback.",
            "未被接听、也不是因挂断而离开队列的来电者：溢出规则、主管移动、语音信箱或后备队列。",
        ),
    ),
    whole(
        "waiting",
        ("Waiting now", "仍在等待"),
        (
            "Callers of those offered who are still in the line. A callback agreed for a time that"
            " has not come, or asked for after hours that have not begun, does not wait.",
            "进入队列后此刻仍在等待的来电者。约定时间或服务时间未到的回电不算等待。",
        ),
    ),
    whole(
        "given_in",
        ("Transferred in", "转入"),
        (
            "Callers who had talked with an agent before and came to this queue by a transfer, or"
            " back to it because an agent's phone died. They are in no other figure of the queue.",
            "此前已与坐席通话、经转接进入该队列，或因坐席话机中断而返回的来电者。不计入队列的其他指标。",
        ),
    ),
    whole(
        "by_callback",
        ("Answered by callback", "回电接通"),
        (
            "Answered callers whom the centre called back.",
            "由中心回电并接通的来电者（包含在已接听中）。",
        ),
    ),
    share_of(
        "abandon_rate",
        "share",
        {"abandoned": 1},
        {"offered": 1},
        ("Abandon rate", "放弃率"),
        ("Abandoned ÷ offered.", "放弃 ÷ 进入队列。"),
        "down",
    ),
    share_of(
        "sl_offered",
        "share",
        {"in_target": 1},
        {"offered": 1},
        ("Service level (of offered)", "服务水平（按进入队列）"),
        (
            "Answered within the queue's target ÷ offered. The target is the one that held when the"
            " caller joined or was answered.",
            "在队列目标时间内接听 ÷ 进入队列。目标取来电者进入或被接听时的设置。",
        ),
        "up",
    ),
    share_of(
        "sl_answered",
        "share",
        {"in_target": 1},
        {"answered": 1},
        ("Service level (of answered)", "服务水平（按已接听）"),
        (
            "Answered within the target ÷ answered. Who gave up is not counted: it flatters.",
            "在目标时间内接听 ÷ 已接听。不计放弃者，因此偏高。",
        ),
        "up",
    ),
    share_of(
        "sl_late_abandons",
        "share",
        {"in_target": 1},
        {"answered": 1, "abandoned_late": 1},
        ("Service level (of answered and late abandons)", "服务水平（按已接听加超时放弃）"),
        (
            "Answered within the target ÷ (answered + abandoned after the target).",
            "在目标时间内接听 ÷（已接听 + 超过目标后放弃）。",
        ),
        "up",
    ),
    share_of(
        "sl_without_short",
        "share",
        {"in_target": 1},
        {"offered": 1, "abandoned_short": -1},
        ("Service level (without short abandons)", "服务水平（扣除短时放弃）"),
        (
            f"Answered within the target ÷ (offered - abandoned within {SHORT_ABANDON_SECONDS} s).",
            f"在目标时间内接听 ÷（进入队列 - {SHORT_ABANDON_SECONDS} 秒内放弃）。",
        ),
        "up",
    ),
    whole(
        "in_target",
        ("Answered in target", "目标内接听"),
        (
            "Answered callers whose wait was at most the queue's target.",
            "等待时间不超过队列目标的已接听来电者。",
        ),
        "up",
    ),
    whole(
        "abandoned_short",
        ("Short abandons", "短时放弃"),
        (
            f"Abandoned within {SHORT_ABANDON_SECONDS} seconds of joining.",
            f"进入后 {SHORT_ABANDON_SECONDS} 秒内放弃。",
        ),
    ),
    whole(
        "abandoned_late",
        ("Late abandons", "超时放弃"),
        (
            "Abandoned after a wait longer than the queue's target.",
            "等待超过队列目标后放弃。",
        ),
        "down",
    ),
    share_of(
        "asa",
        "seconds",
        {"wait_answered_ms": 1},
        {"answered": 1},
        ("ASA", "平均应答时间"),
        (
            "Average speed of answer: the mean wait of answered callers, from joining their first"
            " queue until an agent answered (ringing included). A callback waits from when it was"
            " asked for, one agreed for a later time from that time on, one asked for after hours"
            " from when they begin.",
            "平均应答速度：已接听来电者从首次进入队列到坐席接听的平均等待（含振铃）。"
            "回电从提出时起算，约定了时间的从约定时间起算，非服务时间提出的从服务时间开始起算。",
        ),
        "down",
        behind="answered",
    ),
    share_of(
        "wait_abandoned",
        "seconds",
        {"wait_abandoned_ms": 1},
        {"abandoned": 1},
        ("Mean wait before abandoning", "放弃前平均等待"),
        ("The mean wait of those who abandoned.", "放弃者的平均等待时间。"),
        behind="abandoned",
    ),
)

CALLS: tuple[Figure, ...] = (
    whole(
        "calls",
        ("Calls", "来电"),
        (
            "Calls that are over, however they went; each counts when it came in.",
            "已结束的来电，无论结果；按呼入时刻归属。",
        ),
    ),
    whole(
        "calls_answered",
        ("With an agent", "坐席接听"),
        ("Calls in which an agent talked.", "有坐席通话的来电。"),
        "up",
    ),
    whole(
        "calls_abandoned",
        ("Abandoned in line", "队列中放弃"),
        ("Calls whose caller gave up in a queue.", "在队列中放弃的来电。"),
        "down",
    ),
    whole(
        "calls_served",
        ("Ended in the menu", "菜单中结束"),
        (
            "Calls that ended without ever waiting for an agent.",
            "未进入队列即结束的来电。",
        ),
    ),
    whole(
        "calls_diverted",
        ("Voicemail, callback, fallback", "留言、回电、后备"),
        (
            "Calls that ended in voicemail, with a callback asked for, or in the fallback.",
            "以留言、约定回电或后备队列结束的来电。",
        ),
    ),
    share_of(
        "mean_talked",
        "seconds",
        {"talked_ms": 1},
        {"calls_answered": 1},
        ("Mean talk a call", "每通通话时长"),
        (
            "Talk of all agents ÷ calls with an agent.",
            "所有坐席的通话时长 ÷ 有坐席的来电。",
        ),
        behind="calls_answered",
    ),
)

FIGURES: Mapping[str, Figure] = {
    one.name: one for one in (*LINES, *AGENTS, *STATES, *PLANS, *CALLS, *TRUNKS)
}


def sums_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """The sums that these figures need, each once."""
    found: dict[str, None] = {}
    for name in names:
        for one in FIGURES[name].sums:
            found[one] = None
    return tuple(found)
