"""What a person's browser hears and sends, measured."""

from __future__ import annotations

from tests.browser.person import Person

HEARD_MIN = 1e-4


async def mute(person: Person) -> None:
    await person.page.keyboard.press("Alt+m")


async def hears(person: Person, sound: bool) -> None:
    """Energy arrives, or none any more; what is under way may take a moment to change."""
    for _ in range(8):
        heard = await person.heard_within(1.0)
        if (heard.energy_in > HEARD_MIN) == sound:
            return
    raise AssertionError(f"{heard}, expected {'sound' if sound else 'silence'}")


async def tone_in(person: Person) -> bool:
    """A steady tone: sound in each of several short moments; the microphones beep once a second."""
    moments = [await person.heard_within(0.3) for _ in range(4)]
    return all(moment.energy_in > HEARD_MIN / 10 for moment in moments)
