"""The Chinese of every meaning in the table of node kinds, by its English text."""

from __future__ import annotations

from collections.abc import Mapping

CHINESE: Mapping[str, str] = {
    # -- kinds --------------------------------------------------------------------------
    "Says something and goes on.": "播放内容，然后继续。",
    "Says a text, or a value in the caller's language.": "用来电者的语言播报文字或数值。",
    "Says what can be pressed and takes one key.": "播报可按的键，收取一个按键。",
    "Lets the caller choose a language; silence keeps the present one.": (
        "让来电者选择语言；未按键则保持当前语言。"
    ),
    "Asks for digits, checks them and keeps them in a variable.": "收集按键，检查后存入变量。",
    "Open or closed, by a calendar. The name of a holiday is kept in `closed_reason`.": (
        "按日历判断营业或休息；节假日名称存入 `closed_reason`。"
    ),
    "Gives variables values; one that cannot be worked out becomes null.": (
        "给变量赋值；无法算出的变为 null。"
    ),
    "Goes one way or the other.": "按条件走两条路之一。",
    "Takes the first of several ways whose expression is true.": "走第一条表达式为真的路。",
    "Sends callers several ways by percentages.": "按百分比把来电分到几条路。",
    "Marks that the caller got this far (counted in the path analytics).": (
        "标记来电者已到达此处（计入路径分析）。"
    ),
    "Looks something up in the centre's own data (a customer, an order, a balance).": (
        "在本中心的数据中查询（客户、订单、余额）。"
    ),
    "Sends a text message by the centre's webhook.": "通过中心的 webhook 发送短信。",
    "Goes by how long a caller would wait now. Sets `estimate_seconds` and `queue_waiting`.": (
        "按当前预计等待时间分路；设置 `estimate_seconds` 和 `queue_waiting`。"
    ),
    "Asks another system over HTTP. Only hosts on the centre's list are called.": (
        "通过 HTTP 询问其他系统；只访问允许列表中的主机。"
    ),
    "Offers to call back: the caller may hang up and keeps the place in the queue.": (
        "提供回电：来电者可挂断并保留排队位置。"
    ),
    "Asks for a score by one key and hands it in.": "请来电者按键评分并提交。",
    "Records what the caller says (a complaint, an address).": "录下来电者的话（投诉、地址等）。",
    "The caller waits for an agent.": "来电者排队等候客服。",
    "The caller leaves a message.": "来电者留言。",
    "Ends the call.": "结束通话。",
    "Rings an extension or an outside number. The call ends when the far end hangs up.": (
        "呼叫分机或外线；对方挂断后通话结束。"
    ),
    "Goes through another flow and comes back by one of its exits.": (
        "进入另一流程，并从其出口之一返回。"
    ),
    "Ends a sub-flow and goes back to the flow that called it; ends the call in any other.": (
        "结束子流程并返回调用它的流程；在其他流程中则结束通话。"
    ),
    # -- settings -----------------------------------------------------------------------
    "what is said": "播放的内容",
    "said before it": "之前播放的内容",
    "a key cuts it short": "按键可打断播放",
    "a text per language, values in {braces}": "每种语言的文字，变量写在 {花括号} 中",
    "the value (an expression)": "值（表达式）",
    "how the value is spoken": "数值的播报方式",
    "for money": "用于金额",
    "more tries (only GET, PUT and DELETE)": "重试次数（仅 GET、PUT 和 DELETE）",
    "how often it is asked again": "重新询问的次数",
    "silence after which nothing was pressed": "多久没有按键算作未按键",
    "limit for all tries together": "所有尝试的总时限",
    "said before asking again after a wrong key": "按错后重新询问前播放",
    "said before asking again after silence": "未按键后重新询问前播放",
    "its name in the caller's path and in reports": "在来电路径和报表中的名称",
    "key -> what it stands for": "按键 → 含义",
    "key -> language": "按键 → 语言",
    "says the menu again": "重听菜单",
    "back to the menu before this one": "返回上一级菜单",
    "leaves by the port operator": "从人工出口离开",
    "where it is kept": "存放的变量",
    "what the digits mean; an amount takes * as its decimal point": (
        "按键的含义；金额以 * 作小数点"
    ),
    "fewest digits": "最少位数",
    "most digits": "最多位数",
    "the pause that ends the digits": "停顿多久视为输入结束",
    "the key that ends the digits early": "提前结束输入的键",
    "how a date is keyed in; without a year the next such day is meant": (
        "日期的输入格式；不含年份则指下一个该日期"
    ),
    "the last digit must be a right Luhn check digit": "末位必须是正确的 Luhn 校验位",
    "smallest amount": "最小金额",
    "largest amount": "最大金额",
    "an expression that must be true; `value` is what was keyed in": (
        "必须为真的表达式；`value` 是输入的内容"
    ),
    "read back, then confirm or redo; `value` is what was keyed in": (
        "复述后确认或重输；`value` 是输入的内容"
    ),
    "the key that confirms": "确认键",
    "credentials the centre keeps by this name": "中心以此名称保存的凭据",
    "never shown or logged (PIN, card)": "不显示、不记录（密码、卡号）",
    "a calendar by name": "日历名称",
    "where (default: the flow's)": "所在时区（默认：流程的时区）",
    "day or span of days -> open from-to, several with commas; a later row wins": (
        "星期或范围 → 营业时段，多段用逗号分隔；后面的行优先"
    ),
    "day -> its name; closed all day": "日期 → 名称；全天休息",
    "day -> open from-to, or closed; before everything else": (
        "日期 → 营业时段或 closed；优先于其他设置"
    ),
    "variable -> expression, one after the other": "变量 → 表达式，依次计算",
    "the expression": "表达式",
    "port -> expression; the first that is true is taken": "出口 → 表达式；走第一个为真的",
    "port -> percent of the callers; together 100": "出口 → 来电百分比；合计 100",
    "what it is": "录音内容",
    "its name": "名称",
    "which data (see the list of sources)": "数据源（见数据源列表）",
    "argument -> expression": "参数 → 表达式",
    "the variable that gets what was found": "存放查询结果的变量",
    "the number (an expression)": "号码（表达式）",
    "the queue whose place is kept": "保留位置的队列",
    "which queue": "队列",
    "the queue's id": "队列编号",
    "longer than this is long": "超过此值视为过长",
    "how": "方法",
    "the address; {variables} in the path are encoded": "地址；路径中的 {变量} 会被编码",
    "parameter -> expression": "参数 → 表达式",
    "field -> expression, sent as JSON": "字段 → 表达式，以 JSON 发送",
    "header -> text": "请求头 → 文字",
    "variable -> where its value is in the answer (JSON pointer, RFC 6901)": (
        "变量 → 其值在结果中的位置（JSON 指针，RFC 6901）"
    ),
    "skill -> least proficiency": "技能 → 最低等级",
    "least proficiency in the caller's language (0: any)": "来电者语言的最低等级（0：不限）",
    "higher is served earlier": "数值高者优先",
    "the number offered (an expression)": "提供的号码（表达式）",
    "which": "号码",
    "yes, at the number offered": "接受，回电到所提供的号码",
    "yes, at another number": "接受，回电到其他号码",
    "no, thank you": "不需要",
    "asks for the other number, ended by #": "询问其他号码，以 # 结束",
    "said when it is booked": "预约成功后播放",
    "its id in the reports": "在报表中的编号",
    "lowest score": "最低分",
    "highest score": "最高分",
    "longest recording": "最长录音",
    "silence that ends it": "静音多久后结束",
    "a tone before it": "开始前播放提示音",
    "the mailbox's id": "信箱编号",
    "for the reports": "用于报表",
    "or an expression that gives the number": "或给出号码的表达式",
    "how long it rings": "振铃时长",
    "the flow's id": "流程编号",
    "exit -> what it stands for; the sub-flow's return nodes leave by these": (
        "出口 → 含义；子流程的返回节点由此离开"
    ),
    "the exit it leaves by": "离开的出口",
    # -- ways out -----------------------------------------------------------------------
    "a score was given": "已评分",
    "the digits are right": "输入正确",
    "afterwards": "之后",
    "nothing was pressed, to the last try": "直到最后一次都未按键",
    "something wrong was pressed, to the last try (without it: timeout)": (
        "直到最后一次都按错（未连接则走未按键）"
    ),
    "within the hours": "在营业时间内",
    "outside the hours": "在营业时间外",
    "on a holiday (without it: closed)": "节假日（未连接则走休息）",
    "the emergency switch is on (without it: closed)": "紧急开关已打开（未连接则走休息）",
    "it is true": "为真",
    "it is not": "为假",
    "it has no value (without it: no)": "没有值（未连接则走否）",
    "it could not be done in time, or the answer cannot be used": "未能按时完成，或结果不可用",
    "none of them is true": "都不为真",
    "there is such a thing": "找到",
    "there is none": "没有找到",
    "it is sent: the gateway has taken it": "已发送：网关已接收",
    "the gateway is away: it is kept and tried again (without it: next)": (
        "网关不可用：短信保留并重试（未连接则走下一步）"
    ),
    "it cannot be sent (without it: next)": "无法发送（未连接则走下一步）",
    "it could not be booked (without it: declined)": "未能预约（未连接则走拒绝）",
    "the wait is not longer, or not known": "等待不长，或未知",
    "the wait is longer": "等待较长",
    "no agent is logged in (without it: as the estimate says)": (
        "没有客服在线（未连接则按预计等待）"
    ),
    "it answered 2xx and has all that is taken": "返回 2xx 且包含所需的值",
    "the callback is booked": "回电已预约",
    "the caller does not want it, or has no number": "来电者不需要，或没有号码",
    "nothing was said or kept (without it: next)": "没有录到内容（未连接则走下一步）",
    "the queue takes nobody, or sent the caller on": "队列不再接收，或已转出来电",
    "the agent has hung up and the caller has not (without it: the call ends)": (
        "客服已挂断而来电者仍在线（未连接则结束通话）"
    ),
    "nobody answered, or it cannot be dialled": "无人接听，或无法拨打",
    "it was busy (without it: no_answer)": "占线（未连接则走无人接听）",
    # -- variables of the call ----------------------------------------------------------
    "the caller's number, E.164 if it could be read; '' when withheld": (
        "来电号码，能识别时为 E.164 格式；隐藏号码为 ''"
    ),
    "the name that came with the call": "随来电送来的名称",
    "the number that was dialled": "被叫号码",
    "the caller's language; changes with a language node": "来电者的语言；随语言节点改变",
    "true when the number belongs to a customer": "号码属于某客户时为 true",
    "the customer's name": "客户姓名",
    "true for a customer marked as VIP": "VIP 客户为 true",
    "today's date at the flow's place, YYYY-MM-DD": "流程所在地今天的日期，YYYY-MM-DD",
    "the time of day at the flow's place, HH:MM": "流程所在地的时刻，HH:MM",
    "1 for Monday to 7 for Sunday, at the flow's place": "流程所在地星期几，1 为周一，7 为周日",
}
