"""A fresh centre from the one-time link to the first agent who can sign in, all in the browser."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from callcenter.web.auth import hashed
from tests.browser.person import Person
from tests.browser.stage import stage

pytestmark = [pytest.mark.page, pytest.mark.anyio]


async def test_from_the_first_run_to_an_agent(
    chrome: Browser, database_url: str, tmp_path: Path
) -> None:
    async with stage(database_url, tmp_path, demo=False) as scene:
        now = time.time()
        await scene.accounts.add_first_run_token(hashed("one-time"), now)
        admin = await Person.arrive(chrome, scene.url)
        page = admin.page
        await page.goto(scene.url)
        await expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
        await page.goto(f"{scene.url}/first-run#wrong")
        await page.reload()
        await page.get_by_label("Name", exact=True).fill("Root")
        await page.get_by_label("Password", exact=True).fill("correct horse battery")
        await page.get_by_label("Password again").fill("correct horse batter")
        await page.get_by_role("button", name="Create and sign in").click()
        await expect(page.get_by_text("The two passwords differ.")).to_be_visible()
        await page.get_by_label("Password again").fill("correct horse battery")
        await page.get_by_role("button", name="Create and sign in").click()
        await expect(page.get_by_text("This link was used before")).to_be_visible()

        await page.goto(f"{scene.url}/first-run#one-time")
        await page.reload()
        await page.get_by_label("Name", exact=True).fill("Root")
        await page.get_by_label("Password", exact=True).fill("correct horse battery")
        await page.get_by_label("Password again").fill("correct horse battery")
        await page.get_by_role("button", name="Create and sign in").click()
        await expect(page.get_by_role("heading", name="Administration")).to_be_visible()

        await page.get_by_role("tab", name="Queues").click()
        await page.get_by_role("button", name="New queue").click()
        form = page.get_by_role("dialog")
        await form.get_by_label("Name", exact=True).fill("Help Desk")
        await form.get_by_role("button", name="Create").click()
        await expect(page.get_by_role("cell", name="Help Desk helpdesk")).to_be_visible()
        await page.reload()  # which tab is open stands in the address
        await expect(page.get_by_role("cell", name="Help Desk helpdesk")).to_be_visible()

        await page.get_by_role("tab", name="People").click()
        await page.get_by_role("button", name="New person").click()
        form = page.get_by_role("dialog")
        await form.get_by_label("Name", exact=True).fill("Zoë Müller")
        await form.get_by_label("Login", exact=True).fill("zoe")
        queues = form.locator(".mantine-MultiSelect-root").filter(has_text="Queues")
        await queues.locator(".mantine-MultiSelect-input").click()
        await page.get_by_role("option", name="Help Desk").click()
        await form.get_by_label("Login", exact=True).click()
        await form.get_by_role("button", name="Create").click()
        secret = page.get_by_role("dialog", name="First password")
        password = await secret.locator("code").inner_text()
        await secret.get_by_role("button", name="Close").click()
        row = page.get_by_role("row", name="Zoë Müller")
        await expect(row).to_contain_text("Help Desk")

        zoe = await Person.arrive(chrome, scene.url)
        await zoe.sign_in_by_hand("zoe", password)
        await zoe.page.get_by_test_id("pre-flight").wait_for()
        assert zoe.problems == []
        await zoe.leave()
        await admin.leave()


async def test_a_wrong_password_is_told_and_the_login_stays(
    chrome: Browser, database_url: str, tmp_path: Path
) -> None:
    async with stage(database_url, tmp_path) as scene:
        person = await Person.arrive(chrome, scene.url)
        await person.page.goto(f"{scene.url}/login")
        await person.page.get_by_label("Login", exact=True).fill("ada")
        await person.page.get_by_label("Password", exact=True).fill("not it")
        await person.page.get_by_role("button", name="Sign in").click()
        await expect(person.page.get_by_role("alert")).to_contain_text("password is wrong")
        await expect(person.page.get_by_label("Login", exact=True)).to_have_value("ada")
        await person.leave()
