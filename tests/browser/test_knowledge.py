"""What an agent has beside a call, in one story: suggested articles, a script that writes into the
form, an outcome out of a tree with required fields and a follow-up, a reload in the middle."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.demo_data import demo_customers
from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage
from tests.browser.test_pages import Look

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(300)]

CUSTOMERS = demo_customers()
BY = "00000000-0000-0000-0000-000000000000"
NAMES = {"en": "Delivery complaint", "zh": "配送投诉"}
TREE = [
    {"code": "resolved", "name": "Resolved", "name_zh": "已解决", "default": True},
    {"code": "delivery", "name": "Delivery", "name_zh": "配送"},
    {"code": "late", "name": "Late", "name_zh": "迟到", "parent": "delivery"},
    {"code": "lost", "name": "Lost", "name_zh": "丢失", "parent": "delivery"},
]
FORM: dict[str, Any] = {
    "code": "delivery",
    "name": "Delivery",
    "dispositions": ["delivery"],
    "fields": [
        {"code": "parcel", "name": "Parcel number", "name_zh": "运单号", "required": True},
        {"code": "wish", "name": "Wish", "name_zh": "客户诉求"},
    ],
}
SCRIPT = {
    "name": "Late parcels",
    "queues": ["sales"],
    "steps": [
        {
            "code": "wish",
            "title": "Wish",
            "text": "{{customer_name}}, <b>what</b> shall we do?",
            "ask": "choice",
            "field": "wish",
            "answers": [{"label": "Send again", "next": "thanks"}, {"label": "Refund", "next": ""}],
        },
        {"code": "thanks", "text": "Thank you, {{customer_name}}."},
    ],
}
# (English, Chinese) of what is looked for on the screen.
WORDS = {
    "knowledge": ("Knowledge", "知识库"),
    "script": ("Script", "话术"),
    "helped": ("Helped", "有帮助"),
    "link": ("Link into the note", "链接插入备注"),
    "next": ("Go on", "继续"),
    "over": ("The script is over", "话术已结束"),
    "outcome": ("Outcome", "处理结果"),
    "note": ("Note", "备注"),
    "follow": ("Follow up", "需要跟进"),
    "todo": ("What is to be done", "跟进事项"),
    "finish": ("Finish and go ready", "完成并就绪"),
}


@pytest.fixture(scope="module")
async def engine(database_url: str, scene: Stage) -> AsyncIterator[AsyncEngine]:
    made = make_engine(database_url)
    yield made
    await made.dispose()


@pytest.fixture(params=[("en", "light"), ("zh", "dark")], ids=["en", "zh"])
def look(request: pytest.FixtureRequest) -> Look:
    return Look(*request.param)


async def put(page: Page, url: str, path: str, body: object, method: str = "PUT") -> dict[str, int]:
    answer = await page.request.fetch(
        f"{url}{path}", method=method, data=body, headers={"Origin": url}
    )
    assert answer.ok, await answer.text()
    read: dict[str, int] = await answer.json()
    return read


async def set_up(chrome: Browser, scene: Stage, engine: AsyncEngine) -> None:
    """As an administrator would, by the interface of programs."""
    await Directory(engine).put_queue("sales", {"wrap_up_mode": "mandatory"}, by=BY)
    boss = await Person.arrive(chrome, scene.url)
    await boss.let_in("admin", PASSWORD)
    page, url = boss.page, scene.url
    known = await (await page.request.get(f"{url}/api/call-forms")).json()
    if not known["items"]:
        await put(page, url, "/api/dispositions", {"items": TREE})
        await put(page, url, "/api/call-forms/delivery", {"value": FORM})
        for language in ("en", "zh"):
            code = f"a-late-{language}"
            script = SCRIPT | {"code": code, "language": language}
            await put(page, url, f"/api/scripts/{code}", {"script": script})
            await put(page, url, f"/api/scripts/{code}/publish", {"revision": 1}, "POST")
    await boss.leave()


async def write_article(chrome: Browser, scene: Stage, look: Look) -> None:
    """A supervisor writes and publishes it on the page."""
    words = ("New article", "Title", "Text", "Other words", "Publish")
    if look.language == "zh":
        words = ("新建文章", "标题", "正文", "其他搜索词", "发布")
    boss = await Person.arrive(chrome, scene.url, language=look.language, scheme=look.scheme)
    await boss.sign_in("supervisor", PASSWORD, at="/knowledge")
    page = boss.page
    await page.get_by_role("button", name=words[0]).click()
    editor = page.get_by_test_id("article-editor")
    await editor.get_by_role("textbox", name=words[1]).fill(NAMES[look.language])
    await editor.get_by_role("textbox", name=words[2]).fill("# Ask\n\n* the **number** 运单")
    await editor.get_by_role("textbox", name=words[3]).fill("Sales 销售")
    await expect(editor.locator(".cc-article strong")).to_have_text("number")
    await page.reload()
    await expect(editor.get_by_role("textbox", name=words[1])).to_have_value(NAMES[look.language])
    await look.at(boss, "article-editor")
    await editor.get_by_role("button", name=words[4], exact=True).click()
    await expect(page.get_by_test_id("article")).to_contain_text(NAMES[look.language])
    await look.at(boss, "knowledge")
    await boss.leave()


async def test_everything_beside_a_call(
    chrome: Browser, scene: Stage, engine: AsyncEngine, look: Look
) -> None:
    await set_up(chrome, scene, engine)
    await write_article(chrome, scene, look)
    zh = look.language == "zh"
    say = {name: pair[zh] for name, pair in WORDS.items()}
    agent, caller = ("liwei", CUSTOMERS[0]) if zh else ("ada", CUSTOMERS[1])
    call, title = f"kb-{look.language}", NAMES[look.language]
    todo = f"Ask again 再问 {look.language}"
    person = await Person.arrive(chrome, scene.url, language=look.language, scheme=look.scheme)
    page = person.page
    page.set_default_timeout(20_000)
    await person.sign_in(agent, PASSWORD)
    await page.get_by_test_id("pre-flight").wait_for()
    scene.telephone.device(f"b{agent}")
    await person.start_shift()
    await page.get_by_test_id("go-ready").click()
    await person.state("available")
    scene.telephone.arrive(call, caller.numbers[0][0], digits="11")
    await person.offered()
    scene.telephone.answer(call)
    await person.stage("talking")

    # -- an article: suggested, read, judged, put into the note
    await page.get_by_role("tab", name=say["knowledge"]).click()
    beside = page.get_by_test_id("desk-knowledge")
    await beside.get_by_role("button", name=title).click()
    article = page.get_by_test_id("article")
    await expect(article.locator("strong")).to_have_text("number")
    await article.get_by_role("button", name=say["helped"], exact=True).click()
    await article.get_by_role("button", name=say["link"]).click()
    note = page.get_by_role("textbox", name=say["note"])
    await expect(note).to_have_value(re.compile(f"{title} http"))
    await look.at(person, "desk-article")

    # -- the script: an answer goes into the form
    await page.get_by_role("tab", name=say["script"]).click()
    step = page.get_by_test_id("script-step")
    await expect(step).to_contain_text(f"{caller.name}, <b>what</b> shall we do?")
    await step.get_by_role("button", name="Send again").click()
    await expect(step).to_have_attribute("data-step", "thanks")
    await look.at(person, "desk-script")

    # -- the form, during the call: searched by any words, in either language
    form = page.get_by_test_id("wrap-up-form")
    outcome = form.get_by_role("combobox", name=say["outcome"])
    await outcome.click()
    await outcome.fill("配送 late")
    await page.get_by_role("option").first.click()
    wish = form.get_by_role("textbox", name=FORM["fields"][1]["name_zh" if zh else "name"])
    await expect(wish).to_have_value("Send again")
    await form.get_by_role("switch", name=say["follow"]).check(force=True)
    await form.get_by_role("textbox", name=say["todo"]).fill(todo)
    await expect(form.get_by_text(re.compile("Draft saved|草稿已保存"))).to_be_visible()
    await look.at(person, "desk-form")

    # -- nothing is lost by a reload, not even in a browser that has forgotten everything
    await page.evaluate("() => sessionStorage.clear()")
    await page.reload()
    await person.stage("talking")
    await expect(note).to_have_value(re.compile(f"{title} http"))
    await expect(wish).to_have_value("Send again")
    await expect(form.get_by_role("textbox", name=say["todo"])).to_have_value(todo)
    await page.get_by_role("tab", name=say["script"]).click()
    await expect(step).to_have_attribute("data-step", "thanks")
    await step.get_by_role("button", name=say["next"]).click()
    await expect(page.get_by_text(say["over"])).to_be_visible()

    # -- what is missing is marked and has the focus
    scene.telephone.caller_hangs_up(call)
    await person.stage("wrap-up")
    await form.get_by_role("button", name=say["finish"]).click()
    parcel = form.get_by_role("textbox", name=FORM["fields"][0]["name_zh" if zh else "name"])
    await expect(parcel).to_be_focused()
    await expect(parcel).to_have_attribute("aria-invalid", "true")
    person.problems = [one for one in person.problems if "422" not in one]
    await look.at(person, "form-missing")
    await parcel.fill("SF-1")
    await form.get_by_role("button", name=say["finish"]).click()
    await person.state("available")

    # -- and it is in the books
    await page.goto(f"{scene.url}/calls")
    await page.get_by_text(caller.name).first.click()
    filed = page.get_by_test_id("filed-form")
    await expect(filed).to_contain_text("配送 › 迟到" if zh else "Delivery › Late")
    await expect(filed).to_contain_text("SF-1")
    await expect(page.get_by_role("dialog")).to_contain_text(title)
    await look.at(person, "filed")
    await page.goto(f"{scene.url}/tasks")
    await expect(page.get_by_test_id("task").filter(has_text=todo)).to_have_count(1)
    await person.leave()
    assert "\n".join(look.found) == ""
