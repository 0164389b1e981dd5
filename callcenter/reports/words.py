"""Words of the reports in English and Chinese, for files and letters. The console has its own."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

REPORT_TITLES: Mapping[str, Pair] = {
    "queues": ("Queues", "队列"),
    "service-level": ("Service level", "服务水平"),
    "abandons": ("Abandons", "放弃分析"),
    "agents": ("Agents", "坐席"),
    "adherence": ("Adherence", "遵时"),
    "hours": ("Hours of the week", "周时段"),
    "menus": ("Menus", "菜单"),
    "dispositions": ("Dispositions", "小结"),
    "tickets": ("Tickets", "工单"),
    "callbacks": ("Callbacks", "回电"),
    "satisfaction": ("Satisfaction", "满意度"),
    "quality": ("Quality", "质检"),
    "callers": ("Callers", "来电者"),
    "trunks": ("Trunks", "中继"),
    "staffing": ("Staffing", "排班预测"),
}
TABLE_TITLES: Mapping[str, Pair] = {
    "queues": ("By queue", "按队列"),
    "levels": ("Levels", "服务水平"),
    "waits": ("Waits", "等待"),
    "waited": ("By wait", "按等待时长"),
    "intervals": ("By interval", "按时段"),
    "hours": ("Hours", "时段"),
    "agents": ("By agent", "按坐席"),
    "states": ("States", "状态"),
    "agent-days": ("By agent and day", "按坐席与日期"),
    "exceptions": ("Not as planned", "与计划不符"),
    "flows": ("Flows", "流程"),
    "ends": ("Ends", "结束方式"),
    "ways": ("Ways", "路径"),
    "dispositions": ("By disposition", "按小结"),
    "by-queue": ("Disposition by queue", "小结与队列"),
    "tickets": ("By type", "按类型"),
    "callbacks": ("By queue", "按队列"),
    "questions": ("By question", "按问题"),
    "callers": ("Frequent callers", "频繁来电"),
    "forms": ("By form", "按评分表"),
    "sections": ("By section", "按评分项"),
    "trunks": ("By trunk", "按中继"),
    "causes": ("Why calls out failed", "呼出未接通原因"),
    "trunk-intervals": ("By interval and trunk", "按时段与中继"),
}
KEY_TITLES: Mapping[str, Pair] = {
    "queue": ("Queue", "队列"),
    "agent": ("Agent", "坐席"),
    "interval": ("From", "开始"),
    "day": ("Day", "日期"),
    "moment": ("From", "开始"),
    "until": ("Until", "结束"),
    "exception": ("What", "情况"),
    "bucket": ("Wait up to (s)", "等待上限（秒）"),
    "weekday": ("Weekday", "星期"),
    "hour": ("Hour", "小时"),
    "state": ("State", "状态"),
    "reason": ("Reason", "原因"),
    "disposition": ("Disposition", "小结"),
    "flow": ("Flow", "流程"),
    "ended": ("Ended", "结束方式"),
    "way": ("Way", "路径"),
    "question": ("Question", "问题"),
    "ticket_type": ("Type", "类型"),
    "number": ("Number", "号码"),
    "form": ("Form", "评分表"),
    "section": ("Section", "评分项"),
    "trunk": ("Trunk", "中继"),
    "cause": ("Cause", "原因"),
}
WEEKDAYS: tuple[Pair, ...] = (
    ("Monday", "星期一"),
    ("Tuesday", "星期二"),
    ("Wednesday", "星期三"),
    ("Thursday", "星期四"),
    ("Friday", "星期五"),
    ("Saturday", "星期六"),
    ("Sunday", "星期日"),
)
STATES: Mapping[str, Pair] = {
    "available": ("Available", "空闲"),
    "offered": ("Ringing", "振铃"),
    "talking": ("Talking", "通话"),
    "hold": ("Hold", "保持"),
    "wrap-up": ("Wrap-up", "话后"),
    "paused": ("Paused", "小休"),
    "unreachable": ("Unreachable", "不可达"),
}


EXCEPTIONS: Mapping[str, Pair] = {
    "late": ("Late", "迟到"),
    "left-early": ("Left early", "早退"),
    "absent": ("Absent", "缺勤"),
    "unplanned-break": ("Unplanned break", "计划外小休"),
    "away": ("Away", "离开"),
    "break-worked": ("Break not taken", "未休的休息"),
}
CAUSES: Mapping[str, Pair] = {
    "busy": ("Busy", "忙"),
    "no-answer": ("No answer", "无人接听"),
    "rejected": ("Rejected", "被拒绝"),
    "invalid": ("No such number", "号码无效"),
    "unreachable": ("Network or trunk", "网络或中继故障"),
    "cancelled": ("Cancelled by us", "我方取消"),
    "failed": ("Other", "其他"),
}


def key_text(kind: str, key: str, zh: bool) -> str:
    """What stands for a key that has no name of its own."""
    if kind == "weekday":
        return WEEKDAYS[int(key) - 1][zh]
    if kind == "hour":
        return f"{int(key):02}:00"
    if kind == "state" and key in STATES:
        return STATES[key][zh]
    if kind == "cause" and key in CAUSES:
        return CAUSES[key][zh]
    if kind == "exception":
        return EXCEPTIONS[key][zh]
    if kind == "bucket" and not key:
        return "更长" if zh else "longer"
    return key
