"""The address that the web server will listen on, taken before anything else is done.

Nobody is answered yet. This file must import little: it is read before calls are looked after.
"""

from __future__ import annotations

import socket


class ListenFailed(Exception):
    """The address cannot be listened on; the text says which and why."""


def listening(address: str, port: int) -> socket.socket:
    """A bound TCP socket. Raises ListenFailed."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((address, port))
    except OSError as error:
        bound.close()
        raise ListenFailed(
            f"cannot listen on {address} port {port}: {error.strerror}; "
            "set CALLCENTER_LISTEN_ADDRESS and CALLCENTER_LISTEN_PORT to a free one"
        ) from error
    return bound
