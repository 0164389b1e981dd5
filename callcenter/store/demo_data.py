"""The people, queues and customers of the demonstration: invented, the same at every start.

Numbers lie in ranges kept for fiction (+44 7700 900xxx, +1 xxx 555 01xx) or, where a country keeps
none, in one that is not given out (+86 130 0000 xxxx). Pure data; no I/O.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

SEED = 20_260
CUSTOMERS = 200
NAMESPACE = uuid.UUID("5f0d6a52-6f0e-4d0c-9d4e-0d6b1f7a2c11")

# id, name, team, skills, queues, locale
AGENTS: tuple[tuple[str, str, str, dict[str, int], tuple[str, ...], str], ...] = (
    ("ada", "Ada Byrne", "blue", {"en": 10, "zh": 2}, ("support", "sales"), "en"),
    ("ben", "Ben Carter", "blue", {"en": 9}, ("sales", "billing"), "en"),
    ("chloe", "Chloé Martin", "blue", {"en": 8, "zh": 4}, ("support", "billing"), "en"),
    ("liwei", "李伟", "red", {"zh": 10, "en": 6}, ("support", "sales"), "zh"),
    ("wangfang", "王芳", "red", {"zh": 10, "en": 3}, ("sales", "billing"), "zh"),
    ("zhangmin", "张敏", "red", {"zh": 9, "en": 7}, ("support", "billing", "sales"), "zh"),
)
# id, name, whether its leaders see the whole house
TEAMS = (("blue", "Blue", False), ("red", "红队", False), ("house", "Whole house", True))
# login, name, role, locale
STAFF = (
    ("supervisor", "Sofia Rossi", "supervisor", "en"),
    ("admin", "Administrator", "administrator", "en"),
)
QUEUES: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("sales", "Sales", {"ring_seconds": 15, "service_level_seconds": 20, "wrap_up_seconds": 20}),
    ("support", "Support", {"strategy": "most-skilled", "ring_seconds": 20, "wrap_up_seconds": 30}),
    ("billing", "Billing", {"ring_seconds": 20, "wrap_up_seconds": 30}),
)
PAUSE_REASONS = (
    {"code": "break", "name": "Break", "name_zh": "小休", "limit_seconds": 900.0},
    {"code": "lunch", "name": "Lunch", "name_zh": "午餐", "limit_seconds": 3600.0},
    {"code": "meeting", "name": "Meeting", "name_zh": "会议"},
    {"code": "training", "name": "Training", "name_zh": "培训"},
    {"code": "back-office", "name": "Back office", "name_zh": "处理工单"},
)
DISPOSITIONS: tuple[dict[str, object], ...] = (
    {"code": "resolved", "name": "Resolved", "name_zh": "已解决", "default": True},
    {"code": "follow-up", "name": "Follow-up needed", "name_zh": "需要跟进"},
    {"code": "sale", "name": "Sale made", "name_zh": "成交", "queues": ["sales"]},
    {"code": "no-sale", "name": "No sale", "name_zh": "未成交", "queues": ["sales"]},
    {"code": "refund", "name": "Refund agreed", "name_zh": "同意退款", "queues": ["billing"]},
    {"code": "complaint", "name": "Complaint", "name_zh": "投诉"},
    {"code": "wrong-number", "name": "Wrong number", "name_zh": "打错电话"},
)

GIVEN_EN = (
    "Alice Amelia Charlie Daniel Edward Emily Freya George Grace Hannah Henry Isla Jack James "
    "Jessica Liam Lucy Mia Noah Oliver Olivia Oscar Poppy Ruby Samuel Sophie Thomas William Zoë"
).split()
FAMILY_EN = (
    "Adams Baker Bennett Clarke Cooper Davies Evans Foster Green Hughes Jackson Jones Kelly King "
    "Lewis Mitchell Moore Morgan Murphy O'Brien Parker Phillips Roberts Shaw Smith Taylor Walker"
).split()
FAMILY_ZH = "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 欧阳 司马".split()
GIVEN_ZH = (
    "伟 芳 娜 敏 静 丽 强 磊 洋 艳 勇 军 杰 娟 涛 明 超 "
    "秀英 建国 小明 志强 晓燕 文静 海燕 雪梅 子涵 浩然 欣怡"
).split()
COMPANIES = (
    "Northwind Traders,Blue Finch Ltd,Harbour & Sons,Lumen Optics,Acorn Foods,"
    "青松科技有限公司,长河贸易公司,明月餐饮集团,海风物流,百草堂药业,星辰电子"
).split(",")
TAGS = ("newsletter", "wholesale", "trial", "老客户", "合同客户", "renewal")
NOTES_EN = (
    "Prefers a call in the afternoon.",
    "Asked for the invoice by e-mail.",
    "Router replaced in March.",
    "Hard of hearing, speak slowly.",
)
NOTES_ZH = ("喜欢下午联系。", "要求开增值税发票。", "三月更换过路由器。", "说话请慢一些。")


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """`numbers`: (E.164, label) pairs, the first is the one he calls from."""

    id: uuid.UUID
    name: str
    chinese: bool
    numbers: tuple[tuple[str, str], ...]
    company: str
    vip: bool
    notes: str
    tags: tuple[str, ...]
    custom: Mapping[str, object] = field(default_factory=dict)


def demo_customers() -> tuple[DemoCustomer, ...]:
    """All of them. Number 0 is a Chinese VIP; 10 and 11 share a telephone."""
    draw = random.Random(SEED)
    made = [_customer(place, draw) for place in range(CUSTOMERS)]
    shared = made[10].numbers[0][0], "home"
    made[11] = _with_first_number(made[11], shared)
    return tuple(made)


def _with_first_number(customer: DemoCustomer, number: tuple[str, str]) -> DemoCustomer:
    values = {name: getattr(customer, name) for name in DemoCustomer.__slots__}
    return DemoCustomer(**values | {"numbers": (number, *customer.numbers)})


def _customer(place: int, draw: random.Random) -> DemoCustomer:
    chinese = place % 2 == 0
    if chinese:
        name = draw.choice(FAMILY_ZH) + draw.choice(GIVEN_ZH)
        numbers = [(f"+861300000{place:04d}", "手机")]
    else:
        name = f"{draw.choice(GIVEN_EN)} {draw.choice(FAMILY_EN)}"
        numbers = [(f"+447700900{place:03d}", "mobile")]
    if place % 3 == 0:
        numbers.append((f"+1212555{100 + place % 100:04d}", "office"))
    if place % 10 == 0:
        numbers.append((f"+861300001{place:04d}", "家" if chinese else "home"))
    company = draw.choice(COMPANIES) if draw.random() < 0.4 else ""
    notes = draw.choice(NOTES_ZH if chinese else NOTES_EN) if draw.random() < 0.3 else ""
    return DemoCustomer(
        id=uuid.uuid5(NAMESPACE, str(place)),
        name=name,
        chinese=chinese,
        numbers=tuple(numbers),
        company=company,
        vip=place % 20 == 0,
        notes=notes,
        tags=tuple(sorted(draw.sample(TAGS, draw.choice((0, 0, 1, 2))))),
        custom={"contract": f"K-{10_000 + place}"} if place % 4 == 0 else {},
    )
