"""Reads what Asterisk's manager interface sends: bytes into frames, results of AGI commands.

A frame is a plain dict of header names, as Asterisk spells them, to texts. The reader is tolerant:
no frame, however broken, may cost a good one or the connection. It must be fast, too, for every
event of every call passes here. It must not know what any event means.

Source: main/manager.c (astman_send_event, action handlers), res/res_agi.c of Asterisk 22.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

Frame = dict[str, str]

FRAME_BYTES_MAX = 1 << 20
"""A frame that grows beyond this never ends; the stream is lost."""
REPEATED = frozenset({"Variable", "ChanVariable", "Output"})
"""Headers that Asterisk repeats; their values are joined by line feeds, which none can hold. Of
every other header that stands twice, the first counts."""

_END = b"\r\n\r\n"
_AGI_RESULT = re.compile(r"^(\d{3})[ -]result=(-?[^ ]*)(?: \((.*)\))?", re.DOTALL)
_AGI_ARGUMENT = re.compile(r"^agi_arg_(\d{1,2}): (.*)$", re.MULTILINE)


class EndlessFrame(Exception):
    """More than FRAME_BYTES_MAX bytes without the end of a frame."""


class FrameReader:
    """Feed it bytes as they come; it returns the frames that are complete, in order. `bad` counts
    the ones that were neither an event nor a response."""

    def __init__(self) -> None:
        self._rest = b""
        self.bad = 0

    def feed(self, data: bytes) -> list[Frame]:
        """Raises EndlessFrame."""
        rest = self._rest
        end = data.rfind(_END)
        if rest:
            data = rest + data
            # The end mark may lie across the seam.
            end = data.rfind(_END, max(0, len(rest) - 3))
        if end < 0:
            if len(data) > FRAME_BYTES_MAX:
                raise EndlessFrame(f"{len(data)} bytes without the end of a frame")
            self._rest = data
            return []
        self._rest = data[end + 4 :]
        # Whole frames are decoded at once: a letter is never cut in two.
        frames = []
        for text in data[:end].decode("utf-8", "replace").split("\r\n\r\n"):
            frame = read_frame(text)
            if "Event" in frame or "Response" in frame:
                frames.append(frame)
            elif text.strip():
                self.bad += 1
        return frames


def read_frame(text: str) -> Frame:
    """One frame without its end mark. Lines that are no header are left out."""
    lines = text.split("\r\n")
    try:
        frame = dict([line.split(": ", 1) for line in lines])
    except ValueError:
        return _read_slowly(lines)
    return frame if len(frame) == len(lines) else _read_slowly(lines)


def _read_slowly(lines: list[str]) -> Frame:
    frame: Frame = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name:
            continue
        value = value.removeprefix(" ")
        if name not in frame:
            frame[name] = value
        elif name in REPEATED:
            frame[name] += "\n" + value
    return frame


@dataclass(frozen=True, slots=True)
class AgiResult:
    """`code` 200: carried out. `result` as the command defines it ("-1": failure or hangup);
    `data` is what follows in brackets: a variable's value, "timeout"."""

    code: int
    result: str = ""
    data: str = ""

    @property
    def failed(self) -> bool:
        return self.code != 200 or self.result.startswith("-")

    @property
    def timed_out(self) -> bool:
        return self.data == "timeout"

    @property
    def digits(self) -> str:
        """Of GET DATA the result, of GET VARIABLE the value."""
        return self.result if self.data in ("", "timeout") else self.data


def read_agi_result(encoded: str) -> AgiResult:
    """The `Result` of an AsyncAGIExec event, URL-encoded as it comes. What cannot be read has
    code 0; nothing raises, for the text may hold anything."""
    text = unquote_plus(encoded).strip()
    found = _AGI_RESULT.match(text)
    if found is None:
        return AgiResult(int(text[:3]) if text[:3].isdecimal() and text[:3].isascii() else 0)
    return AgiResult(int(found[1]), found[2], found[3] or "")


def read_agi_arguments(encoded: str) -> dict[int, str]:
    """The arguments of `AGI(agi:async,...)`, by number from 1, in an AsyncAGIStart's `Env`."""
    return {int(n): value for n, value in _AGI_ARGUMENT.findall(unquote_plus(encoded))}


_ESCAPES = {"n": " ", "r": " ", "t": " ", "a": "", "b": "", "f": "", "v": ""}
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


def plain_text(escaped: str) -> str:
    """A name as Asterisk shows it in events, without its C escapes; what was a control character
    is a blank or nothing."""
    return _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), escaped)
