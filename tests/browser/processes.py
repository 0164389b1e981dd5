"""The processes of one Chromium, to be stopped, woken and killed as laptops and networks do it.

A lid that closes stops everything. A network that is gone stops the process that owns Chromium's
sockets: nothing leaves and nothing arrives, sound and websockets alike, and the page runs on. Only
processes below the one that was started with this test's own mark are ever touched.
"""

from __future__ import annotations

import os
import signal
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser

from tests.browser.person import chromium

NETWORK = "--utility-sub-type=network.mojom.NetworkService"


def _all() -> dict[int, tuple[int, str]]:
    """Parent and command line of every process that can be read."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            after_name = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it ended meanwhile
        found[int(entry.name)] = (int(after_name[1]), words)
    return found


class Processes:
    def __init__(self, mark: str) -> None:
        self._mark = mark

    def _below(self) -> dict[int, str]:
        everything = _all()
        ours = {pid for pid, (_, words) in everything.items() if self._mark in words}
        while True:
            more = {pid for pid, (parent, _) in everything.items() if parent in ours} - ours
            if not more:
                return {pid: everything[pid][1] for pid in ours}
            ours |= more

    def _send(self, what: signal.Signals, only: str = "") -> None:
        chosen = [pid for pid, words in self._below().items() if only in words]
        assert chosen, "no such process of this Chromium"
        for pid in chosen:
            os.kill(pid, what)

    def close_lid(self) -> None:
        self._send(signal.SIGSTOP)

    def open_lid(self) -> None:
        self._send(signal.SIGCONT)

    def cut_network(self) -> None:
        self._send(signal.SIGSTOP, NETWORK)

    def mend_network(self) -> None:
        self._send(signal.SIGCONT, NETWORK)

    def kill(self) -> None:
        self._send(signal.SIGKILL)


@asynccontextmanager
async def chromium_to_break() -> AsyncIterator[tuple[Browser, Processes]]:
    mark = f"--cc-test-mark={uuid.uuid4().hex}"
    processes = Processes(mark)
    async with chromium(mark) as browser:
        try:
            yield browser, processes
        finally:
            if processes._below():
                processes.open_lid()
