"""What is wrong with a flow, in Chinese: the sentences of `ivr` with their gaps, by their English.

The flow's own code speaks English and knows no other language. A sentence that is not here stays
English; a test holds the mistakes of its tables against this.
"""

from __future__ import annotations

from collections.abc import Mapping

from callcenter.flows.sentences import Sentences

REASONS: Mapping[str, str] = {
    # -- the text itself -------------------------------------------------------------------------
    "the text is empty": "文本是空的",
    "this is neither YAML nor JSON: {}": "既不是 YAML 也不是 JSON：{}",
    "this text cannot be read: {}": "无法读取此文本：{}",
    "the text has {} characters, more than {}": "文本有 {} 个字符，超过 {} 个",
    "a flow is a table": "流程必须是一张表",
    "a table's key must be a word": "表的键必须是一个词",
    "anchors (&) and aliases (*) are not allowed": "不允许使用锚点（&）和别名（*）",
    "tags (!) are not allowed": "不允许使用标签（!）",
    "more than {} levels deep": "嵌套超过 {} 层",
    "a second document begins here (---)": "这里开始了第二个文档（---）",
    "{} is there twice": "{} 出现了两次",
    # -- ways ------------------------------------------------------------------------------------
    "nothing follows when {}": "以下情况之后没有去向：{}",
    "a {} node has no such port": "{} 节点没有这个出口",
    "it leads to {}, which is no node": "它指向 {}，但没有这个节点",
    "no caller can ever get here": "没有来电者能到达这里",
    "a caller who does nothing goes round for ever ({})": "什么都不按的来电者会一直绕圈（{}）",
    "the flow starts at {}, which is no node": "流程从 {} 开始，但没有这个节点",
    "{} is no kind of node": "{} 不是节点类型",
    "the node has no kind": "节点没有类型",
    "next is there twice": "next 出现了两次",
    # -- words and values ------------------------------------------------------------------------
    "prompt {} is missing in language {}": "提示音 {} 缺少语言 {}",
    "the text of {} is missing in language {}": "{} 的文字缺少语言 {}",
    "variable {} in {} may have no value here": "{1} 中的变量 {0} 在这里可能没有值",
    "{} is not an expression: {}": "{} 不是表达式：{}",
    "{} is not an expression": "{} 不是表达式",
    "{} is secret and would be told by {}": "{} 是保密的，却会被 {} 说出",
    "{} is secret and cannot be read by {}": "{} 是保密的，{} 不能读取",
    # -- what the centre has not -----------------------------------------------------------------
    "there is no queue {} to fall back to": "没有可作后备的队列 {}",
    "there is no queue {}": "没有队列 {}",
    "there is no skill {}": "没有技能 {}",
    "there is no mailbox {}": "没有语音信箱 {}",
    "there is no source {}": "没有数据源 {}",
    "there is no secret {}": "没有名为 {} 的凭据",
    "there is no calendar {}": "没有日历 {}",
    "there is no flow {}": "没有流程 {}",
    "host {} may not be called": "不允许访问主机 {}",
    "{} cannot be dialled: {}": "{} 不能拨打：{}",
    "calendar {}: no holidays are known for {}": "日历 {}：没有 {} 的节假日数据",
    "sub-flows may not go in circles or so deep ({})": "子流程不能循环，也不能嵌套过深（{}）",
    "flow {} returns by {}, which is none of the exits": "流程 {} 从 {} 返回，但出口中没有它",
    "the names of node and sub-flow are too long together": "节点与子流程的名称合起来太长",
    "with its sub-flows the flow has {} nodes": "连同子流程共有 {} 个节点",
    "the flow has {} nodes, more than {}": "流程有 {} 个节点，超过 {} 个",
    # -- settings that do not go together --------------------------------------------------------
    "a say node needs either 'text' or 'value'": "播报节点需要“文字”或“值”，二选一",
    "a transfer needs either 'number' or 'number_from'": "转接需要“号码”或“号码表达式”，二选一",
    "key {} is a choice and also {}": "按键 {} 既是选项，又是 {}",
    "key {} is {} and also {}": "按键 {} 既是 {}，又是 {}",
    "{} is none of the flow's languages": "{} 不是流程的语言",
    "digits_min is more than digits_max": "最少位数大于最多位数",
    "least is more than most": "最小金额大于最大金额",
    "* is the decimal point and also ends the digits": "* 既是小数点又是结束键",
    "a PIN that is not secret would be shown and logged": "不保密的密码会被显示和记录",
    "what is secret may not be read back": "保密内容不能复述",
    "what is secret is not known to expressions": "表达式读不到保密内容",
    "a secret {} cannot be read": "保密的 {} 无法读取",
    "both a calendar and its own {}": "既选了日历，又写了自己的 {}",
    "neither a calendar nor a week": "既没有日历，也没有每周时间",
    "'else' cannot be a case: it is what is left": "“else”不能作为分支：它表示其余情况",
    "the shares add up to {} percent": "各比例合计 {}%",
    "a GET request has no body": "GET 请求没有正文",
    "two answers have the same key": "两个回答用了同一个键",
    "lowest is not below highest": "最低分不低于最高分",
    # -- values of one setting -------------------------------------------------------------------
    "a {} node has no setting {}": "{} 节点没有设置 {}",
    "a {} node needs {} ({})": "{} 节点需要 {}（{}）",
    "{} is not text": "{} 不是文字",
    "the text has {} characters": "文字有 {} 个字符",
    "{} is not a whole number": "{} 不是整数",
    "{} is not a number": "{} 不是数字",
    "{} is not a number that can be dialled": "{} 不是可拨打的号码",
    "{} is out of range": "{} 超出范围",
    "{} is neither true nor false": "{} 既不是 true 也不是 false",
    "{} is not known here": "这里不认识 {}",
    "{} is no variable's name": "{} 不是变量名",
    "{} is a word of the expression language": "{} 是表达式语言的保留字",
    "{} is given by the call and cannot be set": "{} 由来电给出，不能设置",
    "{} is not a table": "{} 不是表",
    "the table has {} rows": "表有 {} 行",
    "{} is not a key (0-9 * #)": "{} 不是按键（0-9 * #）",
    "{} is not a key": "{} 不是按键",
    "{} is not a {}'s id (letters, digits, _ . -)": "{} 不是 {} 的编号（字母、数字、_ . -）",
    "{} is not a node's id (letters, digits, _ -, at most 32)": (
        "{} 不是节点编号（字母、数字、_ -，最多 32 个）"
    ),
    "{} is not a JSON pointer (/order/total)": "{} 不是 JSON 指针（如 /order/total）",
    "{} is not a day or span of days (mon, mon-fri)": "{} 不是星期（mon、mon-fri）",
    "{} is no node's id": "{} 不是节点编号",
    "{} is no time zone": "{} 不是时区",
    "{} is not a span of time": "{} 不是时间段",
    "{} does not end after it begins": "{} 的结束不晚于开始",
    "{} spans of time in one day": "一天有 {} 个时间段",
    "{} is no day": "{} 不是日期",
    "{} is no language": "{} 不是语言",
    "the text is in no language": "文字没有任何语言",
    "{} has a brace that holds no variable": "{} 中的花括号里没有变量",
    "{} things to say": "要播报 {} 项",
    "{} cannot be said": "{} 无法播报",
    "{} is not an address": "{} 不是网址",
    "{} has more than a host and port before the path": "{} 的路径前除主机和端口外还有别的内容",
    "{} has a query": "{} 带有查询参数",
    "{} has a character no address may have": "{} 含有网址中不允许的字符",
    "{} has a stray brace": "{} 有多余的花括号",
    "{} is no header's name": "{} 不是请求头名称",
    "the header {} is not yours to set": "请求头 {} 不能自行设置",
    "a header's value has a character it may not have": "请求头的值含有不允许的字符",
}

CURES: Mapping[str, str] = {
    # -- the text itself -------------------------------------------------------------------------
    "write a flow": "请写一个流程",
    "look at indents, quotes and colons": "请检查缩进、引号和冒号",
    "save it as UTF-8 text": "请保存为 UTF-8 文本",
    "split the flow into sub-flows": "请拆分为子流程",
    "begin with 'id: my-flow'": "请以 'id: my-flow' 开头",
    "write a simple key": "请写简单的键",
    "quote it or write it out": "请加引号，或完整写出",
    "write the plain value, in quotes": "请直接写值，并加引号",
    "flows are flat: see the guide": "流程是平的：见指南",
    "write one flow a file": "每个文件只写一个流程",
    "connect it to a node": "请把它连接到一个节点",
    "connect a port to it or remove it": "请把某个出口连到它，或删除它",
    "remove it, or use: {}": "请删除，或使用：{}",
    "let one way out lead to a queue, voicemail or hang-up": "请让一个出口通向队列、信箱或挂断",
    "name the first node in 'start'": "请在“start”中写明第一个节点",
    "use one of: {}": "请使用：{}",
    "use: {}": "请使用：{}",
    "use {} to {}": "请使用 {} 到 {}",
    "use at most {}": "最多 {}",
    "remove it": "请删除",
    "remove one": "请删除一个",
    "leave it out": "请去掉",
    "mend it": "请改正",
    "correct it": "请改正",
    "untangle it": "请理顺",
    "shorten them": "请缩短",
    "record it, or write its words in 'prompts'": "请录音，或写下它的文字",
    "write it under {}": "请在 {} 下补写",
    "give it a first value under 'variables', or set it on every way to this node": (
        "请在“变量”中给它初值，或在通向此节点的每条路上设置它"
    ),
    "hand it as it is to a look-up ('with') or a request ('body')": (
        "请原样交给查询（with）或请求（body）"
    ),
    "name another in 'fallback'": "请在“后备队列”中另选",
    "make it first, or name another": "请先创建，或另选一个",
    "add it to the list of allowed hosts": "请加入允许访问的主机列表",
    "name another country, or write the holidays one by one": "请换一个国家，或逐个写入节假日",
    "add {} to 'exits'": "请把 {} 加到出口中",
    "split it into sub-flows": "请拆成子流程",
    "write one of them": "请只写其中一个",
    "keep one of them": "请只保留一个",
    "give each its own key": "请各用不同的键",
    "add it to 'languages' ({})": "请把它加入流程语言（{}）",
    "make digits_min smaller": "请减小最少位数",
    "make least smaller": "请减小最小金额",
    "make lowest smaller": "请减小最低分",
    "make them add up to 100": "请使合计为 100",
    "use # as the terminator": "请用 # 作结束键",
    "write 'secret: true'": "请设为保密",
    "remove confirm_prompt": "请去掉确认提示音",
    "let a look-up say if it is right": "请用查询判断是否正确",
    "use 'digits', 'account' or 'pin'": "请用“数字”“账号”或“密码”",
    "write 'calendar: ...' or 'week: ...'": "请选择日历，或写每周时间",
    "give the case another name": "请给分支换个名称",
    "use POST, or 'query'": "请用 POST，或用查询参数",
    "write a text, in quotes if it is a number": "请写文字；数字请加引号",
    "put it in quotes": "请加引号",
    "it must match {}": "须符合 {}",
    "write one from {} to {}": "请写 {} 到 {} 之间的数",
    "write {} to {}": "请写 {} 到 {} 项",
    "write true or false": "请写 true 或 false",
    "write one of: {}": "请写其中之一：{}",
    "use lower-case letters, digits and _, a letter first, at most 32": (
        "请用小写字母、数字和 _，以字母开头，最多 32 个"
    ),
    "choose another name": "请换个名称",
    "write one such as: amount > 10": "请写表达式，例如：amount > 10",
    "see 'Expressions' in the guide; fixed text needs quotes of its own: \"'gold'\"": (
        "参见手册“表达式”；固定文字本身要加引号：\"'gold'\""
    ),
    "write a table from {} to values": "请写成表",
    "write '{}: ...'": "请填写 {}",
    "write 'key: value' lines below it": "请在下面写“键: 值”",
    "write an IANA name such as Asia/Shanghai": "请写 IANA 时区名，例如 Asia/Shanghai",
    "write '09:00-18:00' or closed": "请写 09:00-18:00，或 closed",
    "write 09:00-18:00, or closed": "请写 09:00-18:00，或 closed",
    "split it at midnight: {}": "跨午夜请分成两段：{}",
    "write YYYY-MM-DD": "请写 YYYY-MM-DD",
    "write en, zh, ...": "请写 en、zh 等",
    "write {en: ..., zh: ...}": "请写 {en: ..., zh: ...}",
    "write {variable} or {variable.field}; work a value out in a set node first": (
        "请写 {变量} 或 {变量.字段}；要计算的值请先用“设置变量”节点算出"
    ),
    "write a prompt's id, or a list of ids and of {number: ...}, {digits: ...}, {text: ...}": (
        "请写提示音编号，或编号与 {number: ...}、{digits: ...}、{text: ...} 的列表"
    ),
    "write https://host/path, with {variables} in the path only": (
        "请写 https://主机/路径，{变量} 只能放在路径中"
    ),
    "write it under 'query'": "请写在查询参数中",
    "percent-encode it": "请用百分号编码",
    "write {variable}": "请写 {变量}",
    "use letters, digits and -": "请用字母、数字和 -",
    "name the credentials under 'secret'": "请在“凭据”中选择",
    "use plain ASCII": "请只用 ASCII 字符",
}


_REASONS, _CURES = Sentences(REASONS), Sentences(CURES)


def reason_in_chinese(reason: str) -> str:
    """`reason` of a Problem; the English where there is no Chinese. A setting or a row named before
    a colon stays as it is."""
    return _REASONS.said(reason)


def cure_in_chinese(cure: str) -> str:
    """The same for `cure`."""
    return _CURES.said(cure)
