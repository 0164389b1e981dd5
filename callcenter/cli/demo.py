"""What `scripts/run` shows a newcomer: the first-run link, and the demo's people and callers."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time

from callcenter.cli.children import start_child
from callcenter.cli.installation import Folders
from callcenter.settings import Settings
from callcenter.store.accounts import Accounts
from callcenter.store.engine import make_engine
from callcenter.web.auth import hashed

CALLERS = (sys.executable, "-m", "callcenter.cli.demo_callers")


async def first_run_link(url: str, address: str) -> str | None:
    """The link with which the first administrator is made; None if there is one. The token stands
    behind `#`, so that it reaches no server's log."""
    engine = make_engine(url, pool_size=1)
    try:
        accounts = Accounts(engine)
        if await accounts.has_administrator():
            return None
        token = secrets.token_urlsafe(32)
        await accounts.add_first_run_token(hashed(token), time.time())
        return f"{address}/first-run#{token}"
    finally:
        await engine.dispose()


def prepare(url: str, settings: Settings) -> list[str]:
    """Demo people, customers and queues; what a newcomer must know to sign in."""
    return []


def start_callers(folders: Folders, sip_address: str) -> subprocess.Popen[bytes]:
    command = [*CALLERS, "--to", sip_address, "--folder", str(folders.run / "callers")]
    return start_child(command, log=folders.logs / "callers.log")
