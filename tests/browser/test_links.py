"""The two links of a console: what is shown when one breaks, and which tab is the phone."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, WebSocketRoute, expect

from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio]


class Cable:
    """Stands between a page and a websocket of the server, and can be pulled."""

    def __init__(self) -> None:
        self.pulled = False
        self.ends: list[WebSocketRoute] = []

    async def plug(self, page: Page, path: str) -> None:
        await page.route_web_socket(f"**{path}*", self._connect)

    async def _connect(self, end: WebSocketRoute) -> None:
        if self.pulled:
            await end.close(code=1001, reason="pulled")
            return
        self.ends.append(end)
        end.connect_to_server()

    async def pull(self) -> None:
        self.pulled = True
        for end in self.ends:
            await end.close(code=1001, reason="pulled")
        self.ends.clear()


async def test_a_lost_server_is_told_and_comes_back_by_itself(
    chrome: Browser, scene: Stage
) -> None:
    person = await Person.arrive(chrome, scene.url)
    cable = Cable()
    await cable.plug(person.page, "/ws/console")
    await person.sign_in("supervisor", PASSWORD)
    await person.page.locator(".cc-cards button").first.wait_for()
    await cable.pull()
    banner = person.page.get_by_text("Reconnecting to the server…")
    await expect(banner).to_be_visible()
    await expect(person.page.locator(".cc-stale")).to_be_visible()
    cable.pulled = False
    scene.telephone.arrive("link-1", "+447700900321", digits="12")
    await person.page.get_by_role("button", name="Reconnect now").click()
    await expect(banner).to_have_count(0)
    await expect(person.page.get_by_text("1 caller waiting")).to_be_visible()
    scene.telephone.caller_hangs_up("link-1")
    await expect(person.page.get_by_text("No calls waiting")).to_be_visible()
    await person.leave()


async def test_a_lost_phone_is_told_and_comes_back(chrome: Browser, scene: Stage) -> None:
    ben = await Person.arrive(chrome, scene.url)
    cable = Cable()
    await cable.plug(ben.page, "/sip")
    await ben.sign_in("ben", PASSWORD)
    await expect(ben.page.get_by_text("Connected and ready")).to_be_visible()
    scene.telephone.device("bben")
    await ben.start_shift()
    await cable.pull()
    await expect(ben.page.get_by_text("Phone offline – you receive no calls")).to_be_visible()
    cable.pulled = False
    await ben.page.get_by_role("button", name="Fix").click()
    await expect(ben.page.get_by_text("Phone offline – you receive no calls")).to_have_count(0)
    await ben.page.get_by_test_id("own-state").click()
    await ben.page.get_by_role("menuitem", name="End shift").click()
    await ben.page.get_by_test_id("pre-flight").wait_for()
    await ben.leave()


async def test_only_one_tab_is_the_phone_and_it_can_be_moved(chrome: Browser, scene: Stage) -> None:
    first = await Person.arrive(chrome, scene.url)
    await first.sign_in("chloe", PASSWORD)
    await expect(first.page.get_by_text("Connected and ready")).to_be_visible()
    scene.telephone.device("bchloe")
    await first.start_shift()
    second = Person(first.context, await first.context.new_page(), scene.url)
    await second.page.goto(f"{scene.url}/desk")
    told = second.page.get_by_text("The phone is in another tab")
    await expect(told).to_be_visible()
    await second.page.get_by_role("button", name="Move phone here").click()
    await expect(told).to_have_count(0)
    await expect(first.page.get_by_text("The phone is in another tab")).to_be_visible()
    await second.page.close()
    await expect(first.page.get_by_text("The phone is in another tab")).to_have_count(0)
    assert first.problems == []
    await first.leave()


async def test_signing_out_elsewhere_leads_to_the_login(chrome: Browser, scene: Stage) -> None:
    first = await Person.arrive(chrome, scene.url)
    await first.sign_in("supervisor", PASSWORD)
    second = Person(first.context, await first.context.new_page(), scene.url)
    await second.page.goto(scene.url)
    await second.page.get_by_test_id("account").click()
    await second.page.get_by_role("menuitem", name="Sign out").click()
    await expect(second.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await expect(first.page.get_by_role("heading", name="Sign in")).to_be_visible()
    await first.leave()
