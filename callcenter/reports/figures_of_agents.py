"""Figures of agents: what they handled, and the states they were in (see `figures`)."""

from __future__ import annotations

from callcenter.reports.defining import share_of, whole
from callcenter.reports.metrics import Figure

AGENTS: tuple[Figure, ...] = (
    whole(
        "handled",
        ("Handled", "处理通话"),
        (
            "Parts of calls that the agent talked in and that are over, taken over by transfer"
            " included. A part belongs to when it began.",
            "坐席通话并已结束的部分，包括转接而来的。按开始时刻归属。",
        ),
    ),
    share_of(
        "aht",
        "seconds",
        {"talk_ms": 1, "hold_ms": 1, "wrap_ms": 1},
        {"handled": 1},
        ("AHT", "平均处理时长"),
        (
            "Average handling time: (talk + hold + wrap-up) ÷ handled.",
            "（通话 + 保持 + 话后）÷ 处理通话。",
        ),
        "down",
        behind="handled",
    ),
    share_of(
        "mean_talk",
        "seconds",
        {"talk_ms": 1},
        {"handled": 1},
        ("Mean talk", "平均通话"),
        ("Talk ÷ handled; hold is not in it.", "通话时长 ÷ 处理通话，不含保持。"),
        behind="handled",
    ),
    share_of(
        "mean_hold",
        "seconds",
        {"hold_ms": 1},
        {"handled": 1},
        ("Mean hold", "平均保持"),
        (
            "Time the caller was on hold, consultations included, ÷ handled.",
            "来电者被保持的时长（含咨询）÷ 处理通话。",
        ),
        behind="handled",
    ),
    share_of(
        "mean_wrap",
        "seconds",
        {"wrap_ms": 1},
        {"handled": 1},
        ("Mean wrap-up", "平均话后"),
        ("Wrap-up ÷ handled.", "话后时长 ÷ 处理通话。"),
        behind="handled",
    ),
    share_of(
        "mean_ring",
        "seconds",
        {"ring_ms": 1},
        {"handled": 1},
        ("Mean ring", "平均振铃"),
        (
            "How long the phone of the agent who answered rang, ÷ handled.",
            "接听坐席话机的振铃时长 ÷ 处理通话。",
        ),
        behind="handled",
    ),
    whole(
        "talk",
        ("Talk", "通话时长"),
        ("Time in talk, hold not included.", "通话时长，不含保持。"),
        of="talk_ms",
        behind="handled",
    ),
    whole(
        "hold",
        ("Hold", "保持时长"),
        ("Time callers were on hold.", "来电者被保持的时长。"),
        of="hold_ms",
        behind="holds",
    ),
    whole(
        "wrap",
        ("Wrap-up", "话后时长"),
        ("Time of after-call work.", "话后处理时长。"),
        of="wrap_ms",
        behind="handled",
    ),
    whole(
        "holds",
        ("Holds", "保持次数"),
        ("How often callers were put on hold.", "将来电者置于保持的次数。"),
    ),
    whole(
        "given_on",
        ("Transfers out", "转出通话"),
        (
            "Parts that ended by giving the caller on: to a queue, an agent or a flow.",
            "以转接结束的部分：转至队列、坐席或流程。",
        ),
    ),
    whole(
        "lost",
        ("Legs lost", "话机中断"),
        (
            "Parts that ended because the agent's phone or browser died.",
            "因坐席话机或浏览器中断而结束的部分。",
        ),
        "down",
    ),
    whole(
        "missed",
        ("RONA", "振铃未接"),
        ("Ring, no answer: the phone rang to the end.", "话机振铃到时未接听。"),
        "down",
    ),
    whole(
        "rejected",
        ("Rejected", "拒接"),
        ("Offers that the agent rejected.", "坐席拒接的派送。"),
        "down",
    ),
    whole(
        "withdrawn",
        ("Withdrawn", "撤回派送"),
        (
            "Offers that ended by nobody's doing: the caller left, a colleague was faster, the"
            " phone could not be reached.",
            "非坐席原因结束的派送：来电者离开、同事先接、话机无法振铃。",
        ),
    ),
)

STATES: tuple[Figure, ...] = (
    whole(
        "signed_in",
        ("Signed in", "登录时长"),
        ("Time in any state but offline.", "除离线外各状态的时长。"),
        of="signed_in_ms",
        behind="",
    ),
    whole(
        "available",
        ("Available", "空闲时长"),
        ("Time waiting for a call, reachable.", "可接听并等待来电的时长。"),
        of="available_ms",
        behind="",
    ),
    whole(
        "busy",
        ("Busy", "工作时长"),
        (
            "Time with a call: offered, talking, hold, wrap-up.",
            "处理来电的时长：振铃、通话、保持、话后。",
        ),
        of="busy_ms",
        behind="",
    ),
    whole(
        "paused",
        ("Paused", "小休时长"),
        ("Time paused, all reasons.", "各种原因的暂停时长。"),
        of="paused_ms",
        behind="",
    ),
    whole(
        "unreachable",
        ("Unreachable", "不可达时长"),
        (
            "Time signed in and ready while the phone or the console was away.",
            "已就绪但话机或控制台不在线的时长。",
        ),
        "down",
        of="unreachable_ms",
        behind="",
    ),
    Figure(
        "occupancy",
        "share",
        {"busy_ms": 1},
        {"busy_ms": 1, "available_ms": 1},
        "",
        ("Occupancy", "占用率"),
        (
            "Busy ÷ (busy + available): the share of the time open for calls that was spent with"
            " them.",
            "工作 ÷（工作 + 空闲）。",
        ),
    ),
    Figure(
        "utilisation",
        "share",
        {"busy_ms": 1},
        {"signed_in_ms": 1},
        "",
        ("Utilisation", "利用率"),
        ("Busy ÷ signed in, pauses included.", "工作 ÷ 登录（含暂停）。"),
    ),
)
