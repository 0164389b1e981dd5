"""Reads what Asterisk's manager interface sends: bytes into frames, results of AGI commands.

The reader is tolerant: no frame, however broken, may cost a good one or the connection. It must be
fast, too, for every event of every call passes here. It must not know what any event means.

Source: main/manager.c (astman_send_event, action handlers), res/res_agi.c of Asterisk 22.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

FRAME_BYTES_MAX = 1 << 20
"""A frame that grows beyond this never ends; the stream is lost."""

_END = b"\r\n\r\n"
_HEADER = re.compile(rb"\r\n([^:\r\n]+): ([^\r\n]*)")
_AGI_RESULT = re.compile(r"^(\d{3})[ -]result=(-?[^ ]*)(?: \((.*)\))?", re.DOTALL)
_AGI_ARGUMENT = re.compile(r"^agi_arg_(\d{1,2}): (.*)$", re.MULTILINE)


class _Marks(dict[str, bytes]):
    """How a header begins, by its name; only names that our code asks for get in here."""

    def __missing__(self, name: str) -> bytes:
        mark = self[name] = f"\r\n{name}: ".encode()
        return mark


_MARKS = _Marks()


class Frame:
    """One event or response. It keeps its bytes and finds a header when asked for it: of the twenty
    that an event has, a handler reads three or four, and taking all apart costs most of the time.
    Names as Asterisk spells them. Of a header that stands twice, the first counts."""

    __slots__ = ("_bytes",)

    def __init__(self, content: bytes) -> None:
        """`content` is without the frame's end mark."""
        self._bytes = b"\r\n" + content + b"\r\n"

    def get(self, name: str, default: str = "") -> str:
        content, mark = self._bytes, _MARKS[name]
        at = content.find(mark)
        if at < 0:
            return default
        at += len(mark)
        value = content[at : content.find(b"\r\n", at)]
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value.decode("utf-8", "replace")

    def __getitem__(self, name: str) -> str:
        """Raises KeyError."""
        if name not in self:
            raise KeyError(name)
        return self.get(name)

    def __contains__(self, name: str) -> bool:
        return _MARKS[name] in self._bytes

    def all(self, name: str) -> list[str]:
        """The values of a header that Asterisk repeats (Variable, Output)."""
        return [value for each, value in self._pairs() if each == name]

    def headers(self) -> dict[str, str]:
        """All of them."""
        return dict(reversed(self._pairs()))

    def _pairs(self) -> list[tuple[str, str]]:
        return [
            (name.decode("utf-8", "replace"), value.decode("utf-8", "replace"))
            for name, value in _HEADER.findall(self._bytes)
        ]

    def __repr__(self) -> str:
        return f"Frame({self._bytes.strip()[:200]!r})"


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
        frames = []
        for content in data[:end].split(_END):
            if content.startswith(b"Event: ") or content.startswith(b"Response: "):
                frames.append(Frame(content))
            elif b"\r\nEvent: " in content or b"\r\nResponse: " in content:
                frames.append(Frame(content))  # after the greeting, or after noise
            elif content.strip():
                self.bad += 1
        return frames


@dataclass(frozen=True, slots=True)
class AgiResult:
    """`code` 200: carried out. `result` as the command defines it ("-1": failure or hangup);
    `data` is what follows in brackets, such as a variable's value."""

    code: int
    result: str = ""
    data: str = ""

    @property
    def failed(self) -> bool:
        return self.code != 200 or self.result.startswith("-")


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
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def plain_text(escaped: str) -> str:
    """A name as Asterisk shows it in events, without its C escapes; what was a control character
    is a blank or nothing."""
    return _CONTROL.sub("", _ESCAPE.sub(lambda found: _ESCAPES.get(found[1], found[1]), escaped))
