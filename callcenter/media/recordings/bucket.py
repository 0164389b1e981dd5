"""Sealed recordings in a bucket of an S3-compatible store.

What was put counts as kept only when the store has told the checksum of what it has (the ETag, MD5
of the object; where it is something else, as in buckets with a key of their own, the object is read
back and compared). Every request is bounded in time; trying again is for whoever asked. This file
must not know what is in an object.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import S3Store

from callcenter.media.recordings.addresses import SAFE, Address
from callcenter.media.recordings.keeping import KeepingFailed, NotKept

CONNECT_SECONDS = 5
REQUEST_SECONDS = 30
RETRY_SECONDS = 10  # of one request; only what may be asked twice
OBJECT_BYTES_MAX = 1 << 30
CODE = re.compile(r"<Code>(\w{1,60})</Code>")


class InBucket:
    """`authority`: PEM of an authority of our own that vouches for the store."""

    place = "bucket"

    def __init__(
        self, address: Address, region: str, access: str, secret: str, authority: str = ""
    ) -> None:
        self.address = address
        near = address.endpoint.startswith("http:")
        # Named one by one: what is not named would be taken from AWS_* in the environment.
        self._store = S3Store(
            address.bucket,
            endpoint=address.endpoint,
            aws_endpoint_url_s3=address.endpoint,
            region=region,
            access_key_id=access,
            secret_access_key=secret,
            skip_signature=False,
            virtual_hosted_style_request=False,
            checksum_algorithm="sha256",
            disable_bulk_delete=True,  # not every store knows it
            client_options={
                "allow_http": near,
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
                "timeout": timedelta(seconds=REQUEST_SECONDS),
                **({"root_certificate": authority} if authority else {}),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=RETRY_SECONDS)},
        )

    async def put(self, name: str, parts: Iterable[bytes]) -> int:
        sealed = b"".join(parts)
        if len(sealed) > OBJECT_BYTES_MAX:
            raise KeepingFailed(f"{name[:80]} is too large for one object")
        key = self._key(name)
        try:
            told = await self._store.put_async(key, sealed, use_multipart=False)
            checksum = (told["e_tag"] or "").strip('"')
            if checksum != hashlib.md5(sealed, usedforsecurity=False).hexdigest():
                back = await (await self._store.get_async(key)).bytes_async()
                if hashlib.sha256(back).digest() != hashlib.sha256(sealed).digest():
                    raise KeepingFailed(f"{self.address} has something else than was sent")
        except (BaseError, OSError, ValueError) as error:
            raise self._told(error) from error
        return len(sealed)

    async def read(self, name: str, offset: int, length: int) -> bytes:
        try:
            part = await self._store.get_range_async(self._key(name), start=offset, length=length)
        except (BaseError, OSError, ValueError) as error:
            raise self._told(error) from error
        return bytes(part)

    async def size(self, name: str) -> int:
        """Bytes of what is there. Raises NotKept, KeepingFailed."""
        try:
            return int((await self._store.head_async(self._key(name)))["size"])
        except (BaseError, OSError, ValueError) as error:
            raise self._told(error) from error

    async def remove(self, name: str) -> None:
        try:
            await self._store.delete_async(self._key(name))
        except (BaseError, OSError, ValueError) as error:
            told = self._told(error)
            if not isinstance(told, NotKept):
                raise told from error

    async def probe(self) -> None:
        """Whether one can write, read and remove. Raises KeepingFailed."""
        name, content = f"probe-{secrets.token_hex(8)}", secrets.token_bytes(64)
        await self.put(name, [content])
        if await self.read(name, 16, 16) != content[16:32]:
            raise KeepingFailed(f"{self.address} gives back something else than was asked for")
        await self.remove(name)

    def _key(self, name: str) -> str:
        if not SAFE.fullmatch(name):
            raise KeepingFailed(f"{name[:80]!r} is no name of a recording")
        return f"{self.address.folder}/{name}.talk".lstrip("/")

    def _told(self, error: Exception) -> KeepingFailed:
        """In words for whoever runs the centre: which bucket, what is wrong with it."""
        text = str(error)
        code = CODE.search(text)
        if code and code[1] == "NoSuchBucket":
            return KeepingFailed(f"{self.address}: there is no such bucket")
        if isinstance(error, FileNotFoundError | obstore.exceptions.NotFoundError):
            return NotKept(f"{self.address}: it is not there")
        said = f" ({code[1]})" if code else ""
        if isinstance(error, PermissionDeniedError | UnauthenticatedError):
            return KeepingFailed(f"{self.address}: the keys are refused, or may not do this{said}")
        first = text.splitlines()[0] if text else type(error).__name__
        why = code[1] if code else first.rpartition(" - ")[2][:120]
        return KeepingFailed(f"{self.address} cannot be used: {why}")
