"""A local, durable queue of lines in front of the database, so that facts outlive both it and us.

Append-only segment files of `CRC32 JSON` lines. A line is written (which outlives a crash of this
process) before `append` returns; the disk is synced (which outlives a crash of the machine) soon
after, one sync for all lines since the last, in a thread. A new process never writes into an old
file, so a torn last line hurts nobody. Segments are deleted when their lines are settled; what is
read twice after a crash must be harmless to its reader (the ledger's writes are idempotent).

When the disk refuses or the size limit is reached, lines wait in memory, and past a limit they are
refused; `trouble` says so. This file knows nothing of what the lines mean.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import zlib
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

log = logging.getLogger(__name__)

SEGMENT_BYTES_MAX = 4_000_000
BYTES_MAX = 512_000_000
UNWRITTEN_MAX = 20_000
LINE_BYTES_MAX = 256_000


class OutboxInUse(Exception):
    """Another process has this outbox open."""


@dataclass(slots=True)
class Segment:
    """One file. `size`: bytes known good. `settled_to`: bytes that are safe elsewhere."""

    path: Path
    size: int = 0
    lines: int = 0
    settled_to: int = 0
    settled_lines: int = 0


@dataclass(slots=True)
class Batch:
    """Payloads in order, and how far each segment is settled once they are safe."""

    payloads: list[bytes] = field(default_factory=list)
    reached: list[tuple[Segment, int, int]] = field(default_factory=list)
    from_memory: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class OutboxCounts:
    """What happened since the start, for metrics. `refused` lines are lost."""

    appended: int = 0
    settled: int = 0
    damaged: int = 0
    refused: int = 0
    syncs: int = 0


def encode(payload: bytes) -> bytes:
    return b"%08x %s\n" % (zlib.crc32(payload), payload)


def decode(line: bytes) -> bytes | None:
    """The payload of one line with its newline; None if it is damaged or torn."""
    if not line.endswith(b"\n") or line[8:9] != b" ":
        return None
    payload = line[9:-1]
    return payload if line[:8] == b"%08x" % zlib.crc32(payload) else None


class Outbox:
    """One reader, one writer, one thread; only `sync` may run in another."""

    def __init__(
        self,
        directory: Path,
        *,
        segment_bytes_max: int = SEGMENT_BYTES_MAX,
        bytes_max: int = BYTES_MAX,
        unwritten_max: int = UNWRITTEN_MAX,
    ) -> None:
        self.directory = directory
        self.counts = OutboxCounts()
        self.trouble = ""
        self.needs_sync = False
        self._segment_bytes_max = segment_bytes_max
        self._bytes_max = bytes_max
        self._unwritten_max = unwritten_max
        self._segments: deque[Segment] = deque()
        self._unwritten: deque[bytes] = deque()
        self._retired: deque[int] = deque()  # descriptors of full segments, to sync and close
        self._file = -1
        self._lock = -1
        self._next = 1
        self._new_names = False  # files were made since the folder was synced

    # -- life ---------------------------------------------------------------------------------
    def open(self) -> None:
        """Lock the folder and find what an earlier process left. Raises OutboxInUse, OSError."""
        self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            raise OutboxInUse(
                f"another process uses {self.directory}: is the service running already?"
            ) from None
        self._lock = lock
        for path in sorted(self.directory.glob("*.outbox")):
            content = path.read_bytes()
            self._segments.append(Segment(path, len(content), content.count(b"\n")))
            self._next = max(self._next, int(path.stem) + 1)
        self._drop_settled()

    def close(self) -> None:
        """Sync, close, delete what is settled. The folder is free for the next process."""
        if self._lock < 0:
            return
        self.sync()
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        self._drop_settled()
        os.close(self._lock)
        self._lock = -1

    # -- writing ------------------------------------------------------------------------------
    def append(self, payload: bytes) -> bool:
        """Write one line. False: it was refused and is lost; `trouble` and `counts.refused` say
        so. Never raises for a full or broken disk."""
        assert self._lock >= 0, "the outbox is not open"
        assert b"\n" not in payload
        if len(payload) > LINE_BYTES_MAX or len(self._unwritten) >= self._unwritten_max:
            self.counts.refused += 1
            self.trouble = "the outbox is full: records are being lost"
            return False
        self.counts.appended += 1
        self._unwritten.append(payload)
        self.write_waiting()
        return True

    def write_waiting(self) -> None:
        """Write what waits in memory, in order, as far as the disk takes it."""
        while self._unwritten and self._write(encode(self._unwritten[0])):
            self._unwritten.popleft()

    def _write(self, line: bytes) -> bool:
        if self.bytes_on_disk + len(line) > self._bytes_max:
            self.trouble = "the outbox has reached its size limit"
            return False
        try:
            segment = self._current(len(line))
            if os.write(self._file, line) != len(line):
                os.ftruncate(self._file, segment.size)
                raise OSError("short write: the disk is full")
        except OSError as problem:
            self.trouble = f"the outbox cannot be written: {problem}"
            return False
        segment.size += len(line)
        segment.lines += 1
        self.needs_sync = True
        self.trouble = ""
        return True

    def _current(self, more: int) -> Segment:
        """The segment being written; a new one when it is full. Raises OSError."""
        if self._file >= 0 and self._segments[-1].size + more <= self._segment_bytes_max:
            return self._segments[-1]
        path = self.directory / f"{self._next:012d}.outbox"
        self._next += 1
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(path, flags, 0o600)
        if self._file >= 0:
            self._retired.append(self._file)
        self._file = descriptor
        self._new_names = True
        self._segments.append(Segment(path))
        return self._segments[-1]

    def turn(self) -> None:
        """Write into a new file from now on; the old one goes as soon as its lines are settled."""
        if self._file >= 0:
            self._retired.append(self._file)
            self._file = -1
        self._drop_settled()

    def sync(self) -> None:
        """Sync all lines written so far; may run in a thread. A failure becomes `trouble`."""
        self.needs_sync = False
        try:
            while self._retired:
                descriptor = self._retired.popleft()
                try:
                    os.fdatasync(descriptor)
                finally:
                    os.close(descriptor)
            if self._file >= 0:
                os.fdatasync(self._file)
            if self._new_names:
                self._new_names = False
                self._sync_folder()
            self.counts.syncs += 1
        except OSError as problem:
            self.needs_sync = self._new_names = True
            self.trouble = f"the outbox cannot be synced: {problem}"

    def _sync_folder(self) -> None:
        folder = os.open(self.directory, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    # -- reading ------------------------------------------------------------------------------
    @property
    def depth(self) -> int:
        """Lines not yet settled."""
        return sum(s.lines - s.settled_lines for s in self._segments) + len(self._unwritten)

    @property
    def bytes_on_disk(self) -> int:
        return sum(segment.size for segment in self._segments)

    def peek(self, lines_max: int) -> Batch:
        """The oldest unsettled lines, those the disk refused last. Changes nothing."""
        batch = Batch()
        for segment in self._segments:
            if segment.settled_to < segment.size:
                self._peek_segment(segment, batch, lines_max)
            if len(batch.payloads) >= lines_max:
                return batch
        batch.from_memory = list(self._unwritten)[: lines_max - len(batch.payloads)]
        batch.payloads.extend(batch.from_memory)
        return batch

    def _peek_segment(self, segment: Segment, batch: Batch, lines_max: int) -> None:
        position, lines = segment.settled_to, segment.settled_lines
        with contextlib.suppress(FileNotFoundError), segment.path.open("rb") as file:
            file.seek(position)
            while len(batch.payloads) < lines_max and position < segment.size:
                raw = file.readline()
                if not raw:
                    break
                position += len(raw)
                lines += raw.endswith(b"\n")
                payload = decode(raw)
                if payload is None:
                    log.warning("%s: a damaged line before byte %d", segment.path, position)
                else:
                    batch.payloads.append(payload)
        batch.reached.append((segment, position, lines))

    def settle(self, batch: Batch) -> None:
        """The lines of `batch` are safe elsewhere; delete files that hold nothing else."""
        for segment, position, lines in batch.reached:
            segment.settled_to, segment.settled_lines = position, lines
        for payload in batch.from_memory:
            # It may have got to the disk meanwhile; then it is read once more, which is harmless.
            if self._unwritten and self._unwritten[0] is payload:
                self._unwritten.popleft()
        self.counts.settled += len(batch.payloads)
        self._drop_settled()

    def _drop_settled(self) -> None:
        while self._segments:
            segment = self._segments[0]
            being_written = len(self._segments) == 1 and self._file >= 0
            if being_written or segment.settled_to < segment.size:
                return
            segment.path.unlink(missing_ok=True)
            self._segments.popleft()
