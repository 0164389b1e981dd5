"""A process that writes records until it is killed; tests start it as a child.

Arguments: database URL, outbox folder, first sequence. Says `N` after record N was accepted."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from callcenter.store.store import Store
from tests.store.records import event, interaction, presence


async def write(url: str, folder: Path, first: int) -> None:
    store = Store(url, folder, lambda _: None, "CN")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(store.run())
        for number in range(first, first + 100_000):
            store.perform(event(f"call-{number % 50}", number, text="客户"))
            store.perform(presence("ada", number))
            store.perform(interaction(f"call-{number % 50}", revision=number))
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()
            if number % 20 == 0:
                await asyncio.sleep(0.001)


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
