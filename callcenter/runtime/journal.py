"""The journal: every input with its time, so that the centre can be brought back as it was.

One folder holds at most one checkpoint (the centre as a value) and the segment of inputs after it:

    centre-<n>.checkpoint    a mark of the code that made it, and the pickle of the centre
    inputs-<n>.jsonl         one line an input: {"t": seconds, "i": {...}, "e": crc of effects}

An input is written before it is stepped. A process that dies keeps what it has written (the
system's page cache survives it); a machine that dies may lose the last second, and then the
snapshot of Asterisk puts things right. A checkpoint is only read by the code that wrote it
(`code_mark`); otherwise the start is from the snapshot alone. `_class` names the input's type.

A disk that takes no more must not stop calls. The journal is then given up, files and all, since
one that ends too early would tell of a centre long gone; every few seconds it is begun anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import logging
import os
import pickle
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, get_origin

from cattrs import Converter
from cattrs.strategies import configure_tagged_union

from callcenter.core.centre import Centre
from callcenter.core.commands import AgentAction, SupervisorAction
from callcenter.core.effects import Effect, RecordEvent, Show
from callcenter.core.inputs import Input

log = logging.getLogger(__name__)

CHECKPOINT_EVERY = 20_000  # inputs; replaying so many takes about a second
RETRY_SECONDS = 5.0
"""How soon a journal that the disk refused is begun again."""
TAG = "_class"


@cache
def converter() -> Converter:
    """Plain JSON values for the closed unions of inputs, and back."""
    made = Converter(forbid_extra_keys=True)
    made.register_unstructure_hook_func(
        lambda kind: frozenset in (kind, get_origin(kind)), lambda value: sorted(value)
    )
    made.register_structure_hook(
        float | None, lambda value, _: None if value is None else float(value)
    )
    # Free values (a flow's settings, a customer's record) are plain JSON already.
    made.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)
    configure_tagged_union(AgentAction, made, tag_name=TAG)
    configure_tagged_union(SupervisorAction, made, tag_name=TAG)
    configure_tagged_union(Input, made, tag_name=TAG)
    return made


@cache
def code_mark() -> str:
    """A mark of the code a checkpoint depends on: the sources of the pure packages."""
    import acd
    import callcenter.core
    import ivr

    digest = hashlib.sha256()
    for package in (acd, ivr, callcenter.core):
        folder = Path(str(package.__file__)).parent
        for source in sorted(folder.rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()


def effects_mark(effects: Sequence[Effect]) -> int:
    """A checksum of what was decided; screens are left out, they follow from the rest, and of a
    line of history its name is enough."""
    mark = 0
    for effect in effects:
        if isinstance(effect, Show):
            continue
        if isinstance(effect, RecordEvent):
            text = f"{effect.call} {effect.sequence} {effect.at!r} {effect.kind}"
        else:
            text = repr(effect)
        mark = zlib.crc32(text.encode("utf-8", "surrogatepass"), mark)
    return mark


@dataclass(frozen=True, slots=True)
class Line:
    """One input as read back. `mark` is None when the process died inside this step."""

    at: float
    fact: Input
    mark: int | None


class JournalUnreadable(Exception):
    """A whole line of the journal that is no input of ours."""


class Journal:
    """Writes inputs; `begin` an input, step it, then `end` it with its effects. `trouble`: why
    nothing is written at the moment, else empty."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.folder = folder
        self.trouble = ""
        self._file: io.BufferedWriter | None = None
        self._count = 0
        self._now = self._retry_at = 0.0

    # -- writing ------------------------------------------------------------------------------
    def open_segment(self, centre: Centre) -> None:
        """Start a new segment on top of a checkpoint of `centre`; older files are removed. If the
        disk refuses, `trouble` says so."""
        try:
            self._open_segment(centre)
        except OSError as error:
            self._give_up(error)
        else:
            self.trouble = ""

    def _open_segment(self, centre: Centre) -> None:
        self.close()
        number = max((_number(path) for path in self.folder.glob("inputs-*.jsonl")), default=0) + 1
        checkpoint = self.folder / f"centre-{number}.checkpoint"
        temporary = checkpoint.with_suffix(".tmp")
        with open(temporary, "wb", opener=_private) as file:
            file.write(code_mark().encode() + b"\n")
            pickle.dump(centre, file, protocol=pickle.HIGHEST_PROTOCOL)
        self._file = open(self.folder / f"inputs-{number}.jsonl", "ab", opener=_private)
        os.replace(temporary, checkpoint)
        self._count = 0
        for path in [*self.folder.glob("inputs-*.jsonl"), *self.folder.glob("centre-*.checkpoint")]:
            if _number(path) < number:
                path.unlink(missing_ok=True)

    @property
    def full(self) -> bool:
        """Time for a new segment."""
        if self.trouble:
            return self._now >= self._retry_at
        return self._count >= CHECKPOINT_EVERY

    def begin(self, fact: Input, now: float) -> None:
        self._now = now
        if self.trouble:
            return
        assert self._file is not None, "open_segment comes first"
        plain = converter().unstructure(fact, unstructure_as=Input)
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        try:
            self._file.write(f'{{"t":{now!r},"i":{text}'.encode("utf-8", "surrogatepass"))
            self._file.flush()
        except OSError as error:
            self._give_up(error)
        self._count += 1

    def end(self, effects: Sequence[Effect]) -> None:
        if self.trouble:
            return
        assert self._file is not None, "open_segment comes first"
        # Not flushed: the next input does that, and a mark that is missing is an open end.
        try:
            self._file.write(f',"e":{effects_mark(effects)}}}\n'.encode())
        except OSError as error:
            self._give_up(error)

    def close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):  # its last mark does not fit: an open end
                self._file.close()
            self._file = None

    def _give_up(self, error: OSError) -> None:
        self.trouble = f"the journal cannot be written: {error.strerror or error}"
        self._retry_at = self._now + RETRY_SECONDS
        self.close()
        for pattern in ("inputs-*.jsonl", "centre-*.checkpoint", "centre-*.tmp"):
            for path in self.folder.glob(pattern):
                with contextlib.suppress(OSError):
                    path.unlink()

    # -- reading ------------------------------------------------------------------------------
    def latest(self) -> tuple[Centre | None, Path | None]:
        """The last checkpoint this code can read, and the inputs after it."""
        segments = sorted(self.folder.glob("inputs-*.jsonl"), key=_number)
        for segment in reversed(segments):
            centre = _read_checkpoint(self.folder / f"centre-{_number(segment)}.checkpoint")
            if centre is not None:
                return centre, segment
        return None, None


def read_lines(segment: Path) -> Iterator[Line]:
    """The inputs of a segment. A last line that was cut short is an input whose step never ended
    when it is complete up to its effects, and nothing at all when it is not."""
    with segment.open("rb") as file:
        for raw in file:
            entry = _parse(raw) or _repaired(raw)
            if entry is None:
                return
            try:
                fact: Input = converter().structure(entry["i"], Input)  # type: ignore[arg-type]
            except Exception as error:  # whatever cattrs meets in a line it cannot read
                raise JournalUnreadable(f"{segment}: {type(error).__name__}") from error
            yield Line(float(entry["t"]), fact, entry.get("e"))


def _parse(raw: bytes) -> dict[str, Any] | None:
    try:
        entry = json.loads(raw.decode("utf-8", "surrogatepass"))
    except ValueError:  # of JSON or of UTF-8
        return None
    return entry if isinstance(entry, dict) and "i" in entry else None


def _repaired(raw: bytes) -> dict[str, Any] | None:
    """A line that was cut short behind its input. Of a mark only a part may be there, so it is
    worth nothing; a mark has no brace, so the last one there is the input's own."""
    return _parse(raw[: raw.rfind(b"}") + 1] + b"}")


def _read_checkpoint(path: Path) -> Centre | None:
    """None: there is none, other code made it (then it is not even looked at), or it is damaged."""
    try:
        with path.open("rb") as file:
            if file.readline().strip() != code_mark().encode():
                return None
            centre = pickle.load(file)
    except OSError:
        return None
    except Exception as error:  # pickle may raise whatever the damage looks like
        log.warning("%s cannot be read: %s", path, type(error).__name__)
        return None
    return centre if isinstance(centre, Centre) else None


def _number(path: Path) -> int:
    digits = path.stem.rpartition("-")[2]
    return int(digits) if digits.isdigit() else 0


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
