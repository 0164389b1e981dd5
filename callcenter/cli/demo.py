"""What `scripts/run` shows a newcomer: the first-run link, and the demo's people and callers."""

from __future__ import annotations

import asyncio
import json
import secrets
import subprocess
import sys
import time

from callcenter import secret_files
from callcenter.cli.children import start_child
from callcenter.cli.installation import Folders
from callcenter.settings import Settings
from callcenter.store.accounts import Accounts
from callcenter.store.demo import seed_demo
from callcenter.store.demo_data import AGENTS, STAFF, demo_customers
from callcenter.store.engine import make_engine
from callcenter.web.auth import hashed
from callcenter.web.passwords import Passwords, new_password

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


def prepare(url: str, settings: Settings, folders: Folders) -> list[str]:
    """Demo people, customers and queues; what a newcomer must know to sign in."""
    password = secret_files.read_or_make(
        settings.secrets_directory, "demo-password", value=new_password().encode()
    )
    asyncio.run(_seed(url, password))
    people = [
        {
            "number": customer.numbers[0][0],
            "name": customer.name,
            "language": "zh" if customer.chinese else "en",
        }
        for customer in demo_customers()
    ]
    callers = folders.run / "callers"
    callers.mkdir(parents=True, exist_ok=True)
    (callers / "people.json").write_text(json.dumps(people, ensure_ascii=False))
    agents = ", ".join(agent[0] for agent in AGENTS)
    others = ", ".join(f"{login} ({role})" for login, _, role, _ in STAFF)
    return [
        f"Sign in as an agent: {agents}",
        f"or as {others}; the password of all is:  {password}",
        "Then allow the microphone and press Available: within a minute somebody calls.",
    ]


async def _seed(url: str, password: str) -> None:
    passwords = Passwords()
    try:
        hash_of_it = await passwords.hash(password)
    finally:
        passwords.close()
    await seed_demo(url, password_hash=hash_of_it, now=time.time())


def start_callers(folders: Folders, sip_address: str) -> subprocess.Popen[bytes]:
    folder = folders.run / "callers"
    words = ["--to", sip_address, "--folder", str(folder), "--people", str(folder / "people.json")]
    return start_child([*CALLERS, *words], log=folders.logs / "callers.log")
