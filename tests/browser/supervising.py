"""A supervisor at somebody's call, in a browser of his own: in, three ways of being there, out."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Browser, expect

from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.browser.ears import HEARD_MIN, hears, mute, tone_in
from tests.browser.person import Person
from tests.service.house import PASSWORD, House

# How often the page has asked for the microphone.
_COUNT_MICROPHONES = """
  window.__microphones = 0;
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) => {
    window.__microphones += 1;
    return open(wanted);
  };
"""
SLOW_MS = 20_000


async def supervisor_in(browser: Browser, centre: House) -> Person:
    person = await Person.arrive(browser, centre.url)
    await person.context.add_init_script(_COUNT_MICROPHONES)
    await person.sign_in("supervisor", PASSWORD, at="/live/agents")
    return person


async def goes_in(boss: Person, agent: str, way: str) -> None:
    await boss.page.get_by_role("button", name=f"Into the call of {agent}").click()
    await boss.page.get_by_role("menuitem", name=way).click()
    await expect(boss.page.get_by_test_id("hearing")).to_have_attribute(
        "data-hears", "true", timeout=SLOW_MS
    )


async def is_there(boss: Person, mode: str) -> None:
    await expect(boss.page.get_by_test_id("hearing")).to_have_attribute("data-mode", mode)


async def listened_to(boss: Person, ada: Person, phone: Media, folder: Path) -> None:
    """Listening he hears both and opens no microphone; by the keys 2 and 3 Ada, then the caller
    too, hear his microphone's beeps; then he goes. The telephone and Ada are silent meanwhile."""
    await goes_in(boss, "Ada Byrne", "Listen")
    assert await tone_in(boss), "the caller's steady tone"
    badge = ada.page.get_by_test_id("hearer")
    await expect(badge).to_contain_text("listens")
    assert await boss.page.evaluate("window.__microphones") == 0
    await mute(ada)
    tone, phone.tone = phone.tone, None
    await hears(ada, False)
    await boss.page.keyboard.press("2")
    await is_there(boss, "whisper")
    await hears(ada, True)
    await expect(badge).to_contain_text("speaks to the agent")
    await silent(phone)
    await boss.page.screenshot(path=folder / "whisper.png")
    await ada.page.screenshot(path=folder / "whispered-to.png")
    await boss.page.keyboard.press("3")
    await is_there(boss, "barge")
    phone.listen_anew()
    await until(lambda: phone.energy() > HEARD_MIN / 10, 15)
    await boss.page.keyboard.press("1")
    await is_there(boss, "listen")
    await hears(ada, False)
    phone.tone = tone
    await mute(ada)
    await boss.page.get_by_role("button", name="Leave", exact=True).click()
    await expect(boss.page.get_by_test_id("hearing")).to_have_count(0)
    await expect(badge).to_have_count(0)


async def silent(phone: Media) -> None:
    """A whole second without a sound; what is under way may take a moment to end."""
    for _ in range(8):
        phone.listen_anew()
        await until(lambda: len(phone.heard) >= 7900)
        if phone.energy() < HEARD_MIN / 10:
            return
    raise AssertionError("the caller hears what is for the agent's ear")


async def taken_over(boss: Person, agent: Person, name: str, phone: Media, folder: Path) -> None:
    """He has the caller, the agent writes; when he hangs up the call is over."""
    await goes_in(boss, name, "Listen")
    await boss.page.get_by_role("button", name="Take over").click()
    await boss.page.get_by_role("dialog").get_by_role("button", name="Take over").click()
    await agent.stage("wrap-up")
    dock = boss.page.get_by_test_id("hearing")
    await expect(dock).to_have_attribute("data-taken", "true")
    assert await tone_in(boss)
    phone.listen_anew()
    await until(lambda: phone.energy() > HEARD_MIN / 10, 15)
    await boss.page.screenshot(path=folder / "taken-over.png")
    await dock.get_by_role("button", name="Hang up").click()
    await expect(dock).to_have_count(0, timeout=SLOW_MS)
