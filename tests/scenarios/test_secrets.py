"""A PIN goes from the telephone to the look-up, and is nowhere in between."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from callcenter.core.effects import AskData
from callcenter.core.inputs import PromptEnded
from callcenter.runtime.journal import Journal
from callcenter.runtime.recovery import replay
from callcenter.runtime.vault import Vault
from ivr.flow import Node
from tests.scenarios.test_messages import asking
from tests.world.world import World

pytestmark = pytest.mark.pure

PIN = "839471"
CONFIG = asking(
    Node(
        "pin",
        "collect",
        {
            "prompt": "pin",
            "variable": "pin",
            "what": "pin",
            "secret": True,
            "digits_min": 6,
            "digits_max": 6,
        },
        {"next": "look", "timeout": "bye"},
    ),
    Node(
        "look",
        "lookup",
        {"source": "balance", "with": {"pin": "pin"}, "into": "found"},
        {"found": "bye", "none": "bye", "error": "bye"},
    ),
    Node("bye", "hangup", {}),
)


def test_a_pin_is_in_no_journal_checkpoint_effect_or_record(tmp_path: Path) -> None:
    """The telephone's side seals it, as the player does; the journal replays to the same."""
    journal, vault = Journal(tmp_path), Vault()
    world = World(CONFIG, journal=journal).start()
    effects: list[object] = []
    world.watches.append(lambda world, fact, done: effects.extend(done))
    world.run(0.1)
    line = world.asterisk.dial_in("+861380000")
    world.run(1)
    assert line.prompt is not None
    token, line.prompt = line.prompt.token, None
    world.step(PromptEnded(line.id, token, "", "done", vault.seal(line.id, PIN)))
    (asked,) = (effect for effect in effects if isinstance(effect, AskData))
    assert vault.open(asked.call, asked.arguments) == {"pin": PIN}
    assert PIN not in repr(effects) + repr(world.store.events)
    assert PIN.encode() not in pickle.dumps(world.centre)
    journal.close()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"sealed-" in written
    assert PIN.encode() not in written
    report = replay(tmp_path)
    assert report.inputs > 3
    assert report.different == []


@pytest.mark.parametrize(("keys", "asked_again"), [("12", True), ("12345*", True), (PIN, False)])
def test_a_sealed_pin_of_the_wrong_form_is_asked_for_again(keys: str, asked_again: bool) -> None:
    world = World(CONFIG).start()
    world.run(0.1)
    line = world.asterisk.dial_in("+861380000")
    world.run(1)
    world.asterisk.press(line, keys)
    world.run(0.01)
    assert (line.prompt is not None) == asked_again
