"""Tickets and tasks in the browser: a complaint from its making to its end, from a call too; a
follow-up call tried again; what is typed stays."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, Page, expect

from callcenter.store.demo_data import demo_customers
from tests.browser.person import Person
from tests.browser.stage import PASSWORD, Stage

pytestmark = [pytest.mark.page, pytest.mark.anyio, pytest.mark.timeout(240)]

CUSTOMER = demo_customers()[0]


async def arrived(chrome: Browser, scene: Stage, login: str, at: str = "/") -> Person:
    person = await Person.arrive(chrome, scene.url)
    await person.sign_in(login, PASSWORD, at=at)
    person.page.set_default_timeout(20_000)
    return person


async def test_a_complaint_from_its_making_to_its_end(chrome: Browser, scene: Stage) -> None:
    person = await arrived(chrome, scene, "supervisor", at="/tickets?id=new")
    page = person.page
    form = page.get_by_test_id("new-ticket")
    await form.get_by_role("combobox", name="Kind").click()
    await page.get_by_role("option", name="Complaint").click()
    await form.get_by_role("textbox", name="Subject").fill("Late again 又迟到")
    await page.reload()
    await expect(form.get_by_role("textbox", name="Subject")).to_have_value("Late again 又迟到")
    await _another_at_the_same_computer(person)
    await page.goto(f"{scene.url}/tickets?id=new")
    await expect(form.get_by_role("textbox", name="Subject")).to_have_value("Late again 又迟到")
    await form.get_by_role("button", name="Make the ticket").click()
    ticket = page.get_by_test_id("ticket")
    await expect(ticket).to_have_attribute("data-stage", "accept")
    await ticket.get_by_role("button", name="Classify").click()
    await expect(ticket).to_have_attribute("data-stage", "classify")
    await ticket.get_by_role("button", name="Investigate").click()
    await expect(page.get_by_role("alert")).to_contain_text("Cause")
    await ticket.get_by_role("combobox", name="Cause").click()
    await page.get_by_role("option", name="Delivery").click()
    await ticket.get_by_role("button", name="Save").click()
    await expect(ticket.get_by_text("Own fields:")).to_be_visible()
    await ticket.get_by_role("button", name="Investigate").click()
    await expect(ticket).to_have_attribute("data-stage", "investigate")
    await ticket.get_by_role("textbox", name="Remark").fill("Called the carrier")
    await ticket.get_by_label("This is an answer to the customer").check()
    await ticket.get_by_role("button", name="Add").click()
    await expect(ticket.get_by_text("Answer to the customer", exact=True)).to_be_visible()
    await ticket.get_by_role("button", name="Answer", exact=True).click()
    await ticket.get_by_role("button", name="Customer confirms").click()
    await page.get_by_role("textbox", name="Reason").fill("agrees")
    await page.get_by_role("button", name="Go on").click()
    await expect(ticket).to_have_attribute("data-stage", "confirm")
    await page.get_by_label("Search tickets").fill("迟到")
    await page.wait_for_url(re.compile("[?&]q="))
    await page.get_by_role("button", name="Late again").click()
    await page.reload()
    await expect(page.get_by_label("Search tickets")).to_have_value("迟到")
    await expect(ticket).to_have_attribute("data-stage", "confirm")
    await _behind_its_number(page, scene.url)
    # The refused step, and being nobody between signing out and in.
    assert [one for one in person.problems if "422" not in one and "401" not in one] == []
    await person.leave()


async def _behind_its_number(page: Page, url: str) -> None:
    """From the report to the tickets it counts, also after a reload, and back in one step."""
    await page.goto(f"{url}/reports?report=tickets")
    number = page.locator('[data-card="tickets_made"] a')
    made = await number.get_attribute("data-value")
    assert made is not None
    await number.click()
    head = page.get_by_test_id("behind-head")
    await expect(head).to_have_attribute("data-count", made)
    await page.reload()
    await expect(head).to_have_attribute("data-count", made)
    await page.get_by_role("button", name="Late again").click()
    await expect(page.get_by_test_id("ticket")).to_have_attribute("data-stage", "confirm")
    await page.get_by_role("link", name="Back to the report").click()
    await number.wait_for()


async def _another_at_the_same_computer(person: Person) -> None:
    """Who signs in next in the same tab neither finds nor overwrites what was typed."""
    page = person.page
    subject = page.get_by_test_id("new-ticket").get_by_role("textbox", name="Subject")
    await _sign_out(page)
    await person.sign_in("admin", PASSWORD, at="/tickets?id=new")
    await expect(subject).to_have_value("")
    await expect(page.locator('[aria-invalid="true"]')).to_have_count(0)
    await subject.fill("Another's")
    await page.reload()
    await expect(subject).to_have_value("Another's")
    await expect(page.locator('[aria-invalid="true"]')).to_have_count(0)
    await _sign_out(page)
    await person.sign_in("supervisor", PASSWORD)


async def _sign_out(page: Page) -> None:
    await page.get_by_test_id("account").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await page.locator('input[autocomplete="username"]').wait_for()


async def test_a_ticket_made_in_a_call_stands_in_the_customers_history(
    chrome: Browser, scene: Stage
) -> None:
    person = await arrived(chrome, scene, "ada")
    page = person.page
    await page.get_by_test_id("pre-flight").wait_for()
    scene.telephone.device("bada")
    await person.start_shift()
    await person.go_ready()
    scene.telephone.arrive("ticket-call", CUSTOMER.numbers[0][0], digits="11")
    await person.offered()
    scene.telephone.answer("ticket-call")
    await person.stage("talking")
    await page.get_by_role("button", name="New ticket").click()
    form = page.get_by_test_id("new-ticket")
    await form.get_by_role("textbox", name="Subject").fill("Where is my order?")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="New ticket").click()
    await expect(form.get_by_role("textbox", name="Subject")).to_have_value("Where is my order?")
    await form.get_by_role("button", name="Make the ticket").click()
    await expect(page.get_by_text("is made.")).to_be_visible()
    scene.telephone.caller_hangs_up("ticket-call")
    await person.stage("wrap-up")
    await page.goto(f"{scene.url}/customers?id={CUSTOMER.id}")
    history = page.get_by_test_id("history")
    await expect(history.get_by_text("Where is my order?")).to_be_visible()
    await history.get_by_role("textbox", name="Leave a note").fill("prefers mornings")
    await history.get_by_role("button", name="Add").click()
    await expect(history.get_by_text("prefers mornings")).to_be_visible()
    await history.get_by_text("Where is my order?").click()
    await expect(page.get_by_test_id("ticket")).to_contain_text("Call ticket-call")
    assert person.problems == []
    await person.leave()


async def test_a_follow_up_call_is_tried_again_and_done(chrome: Browser, scene: Stage) -> None:
    person = await arrived(chrome, scene, "supervisor", at="/tasks")
    page = person.page
    await page.get_by_role("button", name="New task").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("textbox", name="What is to be done").fill("Ask whether all is well")
    await form.get_by_label("Until").fill("2030-01-01T10:00")
    await form.get_by_role("button", name="Save").click()
    task = page.get_by_test_id("task").filter(has_text="Ask whether all is well")
    await task.get_by_role("button", name="Work on it").click()
    await form.get_by_role("combobox", name="What came of it").click()
    await page.get_by_role("option", name="No answer").click()
    await form.get_by_role("button", name="Try again then").click()
    await expect(task).to_contain_text("1 try")
    await task.get_by_role("button", name="Work on it").click()
    await form.get_by_role("combobox", name="What came of it").click()
    await page.get_by_role("option", name="Reached").click()
    await form.get_by_role("button", name="Finish").click()
    await expect(task).to_have_count(0)
    await page.get_by_text("Done", exact=True).click()
    await expect(task).to_contain_text("Reached")
    assert person.problems == []
    await person.leave()
