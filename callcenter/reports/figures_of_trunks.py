"""Figures of trunks: lines taken in and out (see `figures`, `trunk_legs` and `asked.trunks`)."""

from __future__ import annotations

from callcenter.reports.defining import measure, share_of, whole
from callcenter.reports.metrics import Figure

TRUNKS: tuple[Figure, ...] = (
    whole(
        "trunk_in",
        ("Calls in", "呼入"),
        (
            "Calls that came in by the trunk, those that go on included; each counts when it came.",
            "经该中继呼入的来电（含仍在进行的），按呼入时刻归属。",
        ),
    ),
    whole(
        "trunk_in_talked",
        ("In, with an agent", "呼入且坐席接听"),
        (
            "Of the calls in that are over: an agent talked with the caller.",
            "已结束的呼入中有坐席与来电者通话的数量。",
        ),
        "up",
    ),
    whole(
        "trunk_out",
        ("Calls out", "呼出"),
        (
            "Numbers that were dialled over the trunk: by hand, for a callback, to ask about a"
            " caller or hand him over, by a flow; each counts when it was dialled. What our own"
            " rules refused was not dialled.",
            "经该中继拨出的号码：人工拨打、回电、咨询或转接的外线、流程转出；按拨出时刻归属。"
            "被自身规则拒绝的未拨出，不计。",
        ),
    ),
    whole(
        "trunk_out_answered",
        ("Out, answered", "呼出接通"),
        (
            "Of the calls out: the far end answered, a person or a machine.",
            "呼出中对方已应答的数量（真人或机器）。",
        ),
        "up",
    ),
    whole(
        "trunk_failed",
        ("Out, failed", "呼出未接通"),
        (
            "Of the calls out: over without an answer, for whatever cause. Calls out = answered +"
            " failed + ringing now.",
            "呼出中未应答即结束的数量，无论原因。呼出 = 接通 + 未接通 + 正在振铃。",
        ),
        "down",
    ),
    share_of(
        "asr",
        "share",
        {"trunk_out_answered": 1},
        {"trunk_out_answered": 1, "trunk_failed": 1},
        ("Answer-seizure ratio", "接通率（ASR）"),
        (
            "Calls out that were answered ÷ (answered + failed).",
            "呼出接通 ÷（接通 + 未接通）。",
        ),
        "up",
    ),
    whole(
        "trunk_in_time",
        ("Time in", "呼入时长"),
        (
            "How long the calls in that are over were connected, menu and waiting included.",
            "已结束的呼入的连接时长，含菜单与等待。",
        ),
        of="trunk_in_ms",
        behind="trunk_in",
    ),
    whole(
        "trunk_out_time",
        ("Time out", "呼出时长"),
        (
            "How long the calls out that are over were connected: from the answer to the end.",
            "已结束的呼出的连接时长：从应答到结束。",
        ),
        of="trunk_out_ms",
        behind="trunk_out",
    ),
)
LINES_IN_USE: tuple[Figure, ...] = (
    measure(
        "most_at_once",
        "count",
        ("Most at once", "最高并发"),
        (
            "The largest number of lines that were in use at the same moment: a line in from the"
            " call's arrival to its end, a line out from dialling, ringing included. A call that"
            " goes on from one interval to the next is in both; a caller who was given on to"
            " outside holds two lines.",
            "同一时刻占用线路的最大数量：呼入从到达至结束，呼出从拨号（含振铃）至结束。"
            "跨时段的通话计入每个时段；被转到外线的来电者占用两条线路。",
        ),
        behind="most_at_once",
    ),
    measure(
        "lines",
        "count",
        ("Lines", "线路数"),
        (
            "How many lines there are, as an administrator noted it: of the trunk, or of all"
            " together. Empty where nobody did.",
            "管理员登记的线路数：该中继的，或全部中继合计的。未登记则为空。",
        ),
    ),
    measure(
        "lines_share",
        "share",
        ("Most at once, of the lines", "最高占线率"),
        (
            "Most at once ÷ lines. At 100 % all were in use: a further call would have found none.",
            "最高并发 ÷ 线路数。100% 表示线路全部占用，再有呼叫将无线路可用。",
        ),
        behind="most_at_once",
        full=1.0,
    ),
    measure(
        "most_at",
        "moment",
        ("Most at once, when", "最高并发时刻"),
        (
            "The first moment at which so many lines were in use.",
            "首次达到最高并发的时刻。",
        ),
    ),
    measure(
        "erlangs",
        "ratio",
        ("In use on average (erlangs)", "平均占用（爱尔兰）"),
        (
            "Time that lines were in use within the interval ÷ its length; of an interval that is"
            " not over, until now.",
            "时段内线路占用时长之和 ÷ 时段长度；未结束的时段计至此刻。",
        ),
    ),
)
