"""Signing in with a second step, seeing where one is signed in, and coming in from elsewhere.

With CALLCENTER_SCREENSHOTS=<folder> pictures of the steps are kept there.
"""

from __future__ import annotations

import os
import time

import pyotp
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.judging import violations
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage
from tests.web.oidc_provider import provider

pytestmark = [pytest.mark.page, pytest.mark.anyio]


async def judged(page: Page, name: str) -> None:
    """A picture, and nothing that axe finds."""
    if folder := os.environ.get("CALLCENTER_SCREENSHOTS"):
        await page.screenshot(path=f"{folder}/sign-in-{name}.png", animations="disabled")
    assert await violations(page) == []


def code_of(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


async def test_a_second_factor_is_set_up_and_asked_for_and_other_browsers_are_out(
    chrome: Browser, scene: Stage
) -> None:
    here = await Person.arrive(chrome, scene.url)
    elsewhere = await Person.arrive(chrome, scene.url, language="zh")
    await here.sign_in_by_hand("ben", PASSWORD)
    await elsewhere.sign_in_by_hand("ben", PASSWORD)
    page = here.page
    await page.get_by_test_id("account").click()
    await page.get_by_role("menuitem", name="Sign-in and security").click()
    sessions = page.get_by_test_id("sessions")
    await expect(sessions.locator("tbody tr")).to_have_count(2)
    await expect(sessions.locator("tr[data-current]")).to_contain_text("Chrome · Linux")
    await judged(page, "sessions")

    await sessions.get_by_role("button", name="Sign out everywhere else").click()
    await elsewhere.page.wait_for_url("**/login")  # at once: its socket was closed
    await expect(sessions.locator("tbody tr")).to_have_count(1)

    await page.get_by_role("button", name="Set up").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Password", exact=True).fill("not it")
    await page.keyboard.press("Enter")
    await dialog.get_by_text("The password is wrong.").wait_for()
    await dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    shown = await dialog.get_by_test_id("factor-secret").inner_text()
    secret = shown.replace(" ", "")
    await judged(page, "set-up")
    await dialog.get_by_label("Code").fill(code_of(secret, -1))
    await page.keyboard.press("Enter")
    codes = dialog.get_by_test_id("recovery-codes").locator("code")
    await expect(codes).to_have_count(10)
    await judged(page, "recovery-codes")
    await dialog.get_by_label("I have kept them").check()
    await dialog.get_by_role("button", name="Done").click()
    await page.get_by_text("10 recovery codes are left.").wait_for()

    # The second step, in Chinese and by the keyboard alone.
    page = elsewhere.page
    await page.locator('input[autocomplete="username"]').fill("ben")
    await page.locator('input[autocomplete="current-password"]').fill(PASSWORD)
    await page.keyboard.press("Enter")
    code = page.get_by_label("验证码")
    await expect(code).to_be_focused()
    await judged(page, "second-step-zh")
    await page.keyboard.type("000000")
    await page.keyboard.press("Enter")
    await page.get_by_text("验证码错误或已使用过").wait_for()
    await code.fill(code_of(secret))
    await page.keyboard.press("Enter")
    await page.get_by_test_id("account").wait_for()
    await page.goto(f"{scene.url}/account")
    await page.get_by_text("剩余 10 个恢复码。").wait_for()
    await judged(page, "account-zh")

    # An administrator takes it away; the agent is out and needs the password alone.
    boss = await Person.arrive(chrome, scene.url)
    await boss.sign_in("admin", PASSWORD, at="/admin")
    row = boss.page.get_by_role("row", name="ben")
    await row.get_by_role("button", name="Edit").click()
    await boss.page.get_by_role("button", name="Sessions and second factor").click()
    looked = boss.page.get_by_role("dialog", name="Sign-in of")
    await expect(looked.locator("tbody tr")).to_have_count(2)
    await judged(boss.page, "person")
    await looked.get_by_role("button", name="Take away").click()
    await looked.get_by_role("button", name="Take it away now").click()
    await looked.get_by_text("No second factor").wait_for()
    await page.wait_for_url("**/login")
    await elsewhere.sign_in_by_hand("ben", PASSWORD)
    for one in (here, elsewhere, boss):
        await one.leave()


async def test_an_administrator_sets_up_single_sign_on_and_a_new_agent_comes_in_by_it(
    chrome: Browser, scene: Stage
) -> None:
    async with provider("--require-nonce", "true") as issuer:
        boss = await Person.arrive(chrome, scene.url)
        await boss.sign_in_by_hand("admin", PASSWORD)
        page = boss.page
        await page.goto(f"{scene.url}/admin")
        await page.get_by_role("tab", name="Sign-in").click()
        form = page.get_by_test_id("sign-in-rules")
        await form.get_by_label("Issuer").fill(issuer + "/")
        await form.get_by_role("button", name="Try").click()
        await form.get_by_text("not exactly the issuer that is set").wait_for()
        await form.get_by_label("Issuer").fill(issuer)
        await form.get_by_role("button", name="Try").click()
        await form.get_by_text("The provider answers").wait_for()
        await form.get_by_label("Client id").fill("centre")
        await form.get_by_label("Client secret").fill("a secret")
        await form.get_by_label("Name on the button").fill("Example")
        await form.get_by_label("Claim of the roles").fill("groups")
        await form.get_by_role("button", name="Add a value").click()
        await form.get_by_label("Value 1", exact=True).fill("phones")
        await form.get_by_role("switch", name="Make users of people").click()
        await form.get_by_role("switch", name="Single sign-on", exact=True).click()
        await judged(page, "settings")
        await form.get_by_role("button", name="Save").click()
        await page.get_by_text("It holds for the next sign-in").wait_for()
        await expect(form.get_by_text("One is kept.")).to_be_visible()

        person = await Person.arrive(chrome, scene.url, language="zh")
        page = person.page
        await page.goto(f"{scene.url}/login")
        await judged(page, "with-sso-zh")
        await page.get_by_role("button", name="使用 Example 登录").click()
        await page.get_by_role("button", name="u-1003").click()
        await page.wait_for_url("**/login?sso=no_role")
        await page.get_by_text("请让管理员把您加入相应的组").wait_for()
        await judged(page, "sso-refused-zh")
        await page.get_by_role("button", name="使用 Example 登录").click()
        await page.get_by_role("button", name="u-1001").click()
        await page.get_by_test_id("account").wait_for()
        await page.get_by_text("请管理员为您分配坐席").wait_for()
        await page.get_by_test_id("account").click()
        await page.get_by_text("林美 Mei Lin").wait_for()
        await page.get_by_role("menuitem", name="退出登录").click()
        await page.wait_for_url(f"{issuer}/oauth2/end_session?*")

        # His account at the provider is nobody's any more.
        page = boss.page
        await page.goto(f"{scene.url}/admin")
        await page.get_by_role("row", name="mei.lin").get_by_role("button", name="Edit").click()
        await page.get_by_role("button", name="Sessions and second factor").click()
        looked = page.get_by_role("dialog", name="Sign-in of")
        await looked.get_by_role("button", name="Disconnect").click()
        await looked.get_by_text("and has no password").wait_for()
        await judged(page, "disconnect")
        await looked.get_by_role("button", name="Disconnect now").click()
        await page.get_by_text("is not connected any more").wait_for()
        await expect(looked.get_by_role("button", name="Disconnect")).to_have_count(0)
        for one in (boss, person):
            await one.leave()


async def test_a_role_needs_a_second_factor_and_who_has_none_sets_it_up_before_anything_else(
    chrome: Browser, scene: Stage
) -> None:
    boss = await Person.arrive(chrome, scene.url)
    await boss.sign_in("admin", PASSWORD, at="/admin")
    await boss.page.get_by_role("tab", name="Sign-in").click()
    form = boss.page.get_by_test_id("sign-in-rules")
    await form.get_by_role("checkbox", name="Supervisor").check()
    await form.get_by_role("button", name="Save").click()
    await boss.page.get_by_text("It holds for the next sign-in").wait_for()

    person = await Person.arrive(chrome, scene.url)
    page = person.page
    await page.goto(f"{scene.url}/login")
    await page.locator('input[autocomplete="username"]').fill("supervisor")
    await page.locator('input[autocomplete="current-password"]').fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/second-factor")
    await page.get_by_text("Your role needs a second factor.").wait_for()
    await judged(page, "required")
    for elsewhere in ("/live/queues", "/account", "/"):
        await page.goto(f"{scene.url}{elsewhere}")
        await page.wait_for_url("**/second-factor")
    await page.reload()
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.keyboard.press("Enter")
    secret = (await page.get_by_test_id("factor-secret").inner_text()).replace(" ", "")
    await page.get_by_label("Code").fill(code_of(secret, -1))
    await page.keyboard.press("Enter")
    await page.get_by_label("I have kept them").check()
    await page.get_by_role("button", name="Done").click()
    await page.get_by_test_id("account").wait_for()
    await judged(page, "required-done")
    for one in (boss, person):
        await one.leave()
