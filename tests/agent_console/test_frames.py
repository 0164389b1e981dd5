"""A frame made by hand is the frame the library makes."""

from __future__ import annotations

import pytest
from websockets.frames import Frame, Opcode

from agent_console.frames import text_frame

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
def test_a_frame_is_what_the_library_makes_of_it(length: int) -> None:
    payload = b"x" * length
    assert text_frame(payload) == Frame(Opcode.TEXT, payload).serialize(mask=False)
