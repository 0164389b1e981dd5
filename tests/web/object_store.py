"""A real S3-compatible store on this machine: `rclone serve s3` on a folder, keys checked.

Between it and us is a proxy, to cut the way and to spoil what is on it. It also mends the one thing
in which this server differs from the others: it answers a range with status 200.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from callcenter.media.recordings.addresses import read_address
from callcenter.media.recordings.bucket import InBucket
from tests.asterisk.lab import free_port, until
from tests.asterisk.proxy import Proxy, proxy

ACCESS, SECRET = "access-of-the-tests", "secret-of-the-tests"
PROGRAM = Path(sys.executable).with_name("rclone")


class ObjectStore:
    """`folder`: what is in the bucket, as files. `spoil`: a byte of what is sent to it changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "talks"
        self.folder.mkdir(parents=True)
        self.spoil = False
        self.way = Proxy()

    def files(self) -> list[str]:
        return sorted(str(file.relative_to(self.folder)) for file in self.folder.rglob("*.talk"))

    def bucket(self, bucket: str = "talks/centre", secret: str = SECRET) -> InBucket:
        address = read_address(f"http://127.0.0.1:{self.way.port}/{bucket}")
        return InBucket(address, "us-east-1", ACCESS, secret)

    def change(self, outward: bool, data: bytes) -> bytes:
        if outward:
            middle = len(data) // 2
            large = self.spoil and len(data) > 2000
            return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :] if large else data
        head, end, body = data.partition(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 200 OK") and b"\r\nContent-Range:" in head:
            head = head.replace(b"200 OK", b"206 Partial Content", 1)
        return head + end + body


@asynccontextmanager
async def object_store(folder: Path) -> AsyncIterator[ObjectStore]:
    made, port = ObjectStore(folder), free_port()
    server = await asyncio.create_subprocess_exec(
        str(PROGRAM), "serve", "s3", str(folder), "--addr", f"127.0.0.1:{port}",
        "--auth-key", f"{ACCESS},{SECRET}", "--config", str(folder / "none"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await until(lambda: _listens(port), 30)
        async with proxy(port, change=made.change) as made.way:
            yield made
    finally:
        server.kill()
        await server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
