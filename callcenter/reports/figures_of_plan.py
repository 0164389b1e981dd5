"""Figures of adherence: the plan against what agents did (see `figures` and `asked.adherence`)."""

from __future__ import annotations

from callcenter.reports.defining import whole
from callcenter.reports.metrics import Figure

PLANS: tuple[Figure, ...] = (
    Figure(
        "adherence",
        "share",
        {"kept_ms": 1},
        {"planned_ms": 1, "planned_break_ms": 1},
        "",
        ("Adherence", "遵时率"),
        (
            "Time as planned ÷ (planned work + planned breaks), of shifts from their beginning"
            " until now.",
            "按计划的时长 ÷（计划工作 + 计划休息），班次从开始计至此刻。",
        ),
        "up",
    ),
    whole(
        "planned",
        ("Planned work", "计划工作"),
        (
            "Time planned to work, breaks not included, until now. Planned work = at work + late +"
            " left early + absent + unplanned breaks + away.",
            "计划工作的时长（不含休息），计至此刻。"
            "计划工作 = 在岗 + 迟到 + 早退 + 缺勤 + 计划外小休 + 离开。",
        ),
        of="planned_ms",
        behind="",
    ),
    whole(
        "kept",
        ("As planned", "按计划"),
        (
            "At work (available or with a call) while work was planned, and not available while a"
            " break was: paused, signed out or unreachable, or with a call that went on. The break"
            " of somebody who had not come to work before it, or had left it, does not count.",
            "计划工作时在岗（空闲或处理来电），计划休息时不在岗"
            "（小休、离线、不可达，或来电尚未结束）。休息之前尚未到岗或已离岗者，该休息不计。",
        ),
        "up",
        of="kept_ms",
        behind="",
    ),
    whole(
        "late",
        ("Late", "迟到"),
        (
            "Planned work before the agent was first signed in and reachable in the shift (a pause"
            " counts as being there).",
            "班次中坐席首次登录且可达之前的计划工作时长（小休视为已到）。",
        ),
        "down",
        of="late_ms",
        behind="",
    ),
    whole(
        "left_early",
        ("Left early", "早退"),
        (
            "Planned work after the agent was last there in a shift that is over.",
            "已结束班次中坐席最后一次在线之后的计划工作时长。",
        ),
        "down",
        of="left_early_ms",
        behind="",
    ),
    whole(
        "absent",
        ("Absent", "缺勤"),
        (
            "Planned work of shifts that are over and in which the agent was never there.",
            "已结束且坐席从未到岗的班次的计划工作时长。",
        ),
        "down",
        of="absent_ms",
        behind="",
    ),
    whole(
        "unplanned_break",
        ("Unplanned breaks", "计划外小休"),
        ("Paused while work was planned.", "计划工作时处于小休的时长。"),
        "down",
        of="unplanned_break_ms",
        behind="",
    ),
    whole(
        "away",
        ("Away", "离开"),
        (
            "Signed out or unreachable while work was planned, and neither late, left early nor"
            " absent.",
            "计划工作时离线或不可达，且不属于迟到、早退、缺勤的时长。",
        ),
        "down",
        of="away_ms",
        behind="",
    ),
    whole(
        "break_planned",
        ("Planned breaks", "计划休息"),
        ("Time planned for breaks, until now.", "计划休息的时长，计至此刻。"),
        of="planned_break_ms",
        behind="",
    ),
    whole(
        "break_worked",
        ("Breaks not taken", "未休的休息"),
        (
            "Available, or with a phone that rang, while a break was planned.",
            "计划休息时仍空闲或振铃的时长。",
        ),
        of="break_worked_ms",
        behind="",
    ),
    whole(
        "break_missed",
        ("Breaks while not at work", "不在岗的休息"),
        (
            "Planned breaks with planned work before them in the shift, from which the agent was"
            " away: not there yet, gone already, or not there at all.",
            "班次中休息之前有计划工作，而坐席尚未到岗、已离岗或全程未到岗的计划休息。",
        ),
        "down",
        of="break_missed_ms",
        behind="",
    ),
)
