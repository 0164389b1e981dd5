"""Articles and a script of the demonstration, in both languages. Written once, over nothing."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from callcenter.store.searching import fold, grams
from callcenter.store.tables import Article, ArticleVersion, ScriptRecord, ScriptVersionRecord
from callcenter.store.times import to_datetime

NAMESPACE = uuid.UUID("0f0f5f0a-7a3e-4d0b-9a50-3f7d1f6f3a10")
AUTHOR = "Demonstration"

# (language, queues, title, other words, text)
ARTICLES: tuple[tuple[str, tuple[str, ...], str, str, str], ...] = (
    (
        "en",
        ("support",),
        "The router has no connection",
        "internet offline light",
        "Ask for the colour of the light.\n\n"
        "1. **Red**: unplug it, wait *30 seconds*, plug it in again.\n"
        "2. **Dark**: check the power supply.\n"
        "3. Still nothing: make a ticket *Question* with the serial number.\n",
    ),
    (
        "zh",
        ("support",),
        "路由器无法上网",
        "断网 掉线 指示灯",
        "先问指示灯的颜色。\n\n"
        "1. **红灯**：拔掉电源，等 *30 秒* 再插上。\n"
        "2. **不亮**：检查电源适配器。\n"
        "3. 仍然不行：记录序列号，建立“咨询”工单。\n",
    ),
    (
        "en",
        ("billing",),
        "Refunds: who may grant what",
        "money back invoice",
        "| Amount | Who |\n|---|---|\n| up to 50 | the agent |\n| above | a supervisor |\n\n"
        "A refund arrives within five working days.\n",
    ),
    (
        "zh",
        ("billing",),
        "退款权限与到账时间",
        "退钱 账单 发票",
        "| 金额 | 谁可以批准 |\n|---|---|\n| 50 以下 | 坐席 |\n| 50 以上 | 主管 |\n\n"
        "退款在五个工作日内到账。\n",
    ),
)


def _script(language: str, name: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    empty = {"title": "", "text": "", "ask": "nothing", "answers": [], "next": "", "field": ""}
    return {
        "code": f"greeting-{language}",
        "name": name,
        "name_zh": "",
        "language": language,
        "queues": ["sales"],
        "steps": [empty | step for step in steps],
    }


def _answer(label: str, then: str) -> dict[str, str]:
    return {"label": label, "next": then, "value": ""}


SCRIPTS = (
    _script(
        "en",
        "Sales call",
        [
            {
                "code": "hello",
                "title": "Greeting",
                "text": "Hello {{customer_name}}, this is {{agent_name}}. Are you a customer yet?",
                "ask": "choice",
                "answers": [_answer("Yes", "wish"), _answer("Not yet", "offer")],
            },
            {"code": "offer", "title": "Offer", "text": "The first month is free.", "next": "wish"},
            {"code": "wish", "title": "Wish", "text": "What may I send you?", "ask": "text"},
        ],
    ),
    _script(
        "zh",
        "销售通话",
        [
            {
                "code": "hello",
                "title": "问候",
                "text": "{{customer_name}}您好，我是{{agent_name}}。您已经是我们的客户了吗？",
                "ask": "choice",
                "answers": [_answer("是", "wish"), _answer("还不是", "offer")],
            },
            {"code": "offer", "title": "优惠", "text": "第一个月免费。", "next": "wish"},
            {"code": "wish", "title": "需求", "text": "我可以给您发什么资料？", "ask": "text"},
        ],
    ),
)


async def seed_knowledge(connection: AsyncConnection, now: float) -> None:
    at = to_datetime(now)
    if await connection.scalar(select(Article.id).limit(1)) is None:
        for language, queues, title, keywords, text in ARTICLES:
            id = uuid.uuid5(NAMESPACE, title)
            folded = fold(f"{title} {keywords} {text}")
            row = {
                "id": id, "category": "", "language": language, "queues": list(queues),
                "title": title, "published": 1, "draft_title": title, "draft_text": text,
                "draft_keywords": keywords, "draft_ahead": False, "search_text": folded,
                "grams": sorted(grams(folded)), "updated": at, "user_name": AUTHOR,
            }  # fmt: skip
            await connection.execute(insert(Article).values(row))
            version = {
                "article_id": id, "number": 1, "title": title, "text": text,
                "keywords": keywords, "user_name": AUTHOR, "at": at,
            }  # fmt: skip
            await connection.execute(insert(ArticleVersion).values(version))
    if await connection.scalar(select(ScriptRecord.code).limit(1)) is None:
        for body in SCRIPTS:
            row = {
                "code": body["code"], "language": body["language"], "queues": body["queues"],
                "published": 1, "draft": body, "draft_ahead": False, "user_name": AUTHOR,
            }  # fmt: skip
            await connection.execute(insert(ScriptRecord).values(row))
            version = {
                "code": body["code"], "number": 1, "body": body, "user_name": AUTHOR, "at": at,
            }  # fmt: skip
            await connection.execute(insert(ScriptVersionRecord).values(version))
