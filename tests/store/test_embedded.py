"""Our own PostgreSQL: starts, stops, comes back after crashes, lets nobody else in."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from callcenter.secret_files import SecretUnusable
from callcenter.store.embedded import EmbeddedPostgres, EmbeddedPostgresError
from callcenter.store.embedded_host import ServerUser, binaries, free_port, reachable

pytestmark = [pytest.mark.db, pytest.mark.anyio]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="callcenter-postgres-"))
    os.chmod(made, 0o755)
    yield made
    shutil.rmtree(made)


async def value(url: str, query: str) -> object:
    connection = await asyncpg.connect(url.replace("+asyncpg", "", 1))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def alive(pid: int) -> bool:
    """Whether it runs; a dead process that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_data_and_port_and_passwords_stay_over_a_restart(folder: Path) -> None:
    async with EmbeddedPostgres(folder) as server:
        assert str(await value(server.url, "show server_version")).startswith("18")
        await value(server.url, "create table kept as select '中文' as word")
        first = server.url
        pid = postmaster(folder)
    assert not alive(pid)
    began = time.monotonic()
    async with EmbeddedPostgres(folder) as server:
        assert time.monotonic() - began < 5
        assert server.url == first
        assert await value(server.url, "select word from kept") == "中文"
    for secret in (folder / "secrets").iterdir():
        assert stat.S_IMODE(secret.stat().st_mode) == 0o400


async def test_it_listens_on_the_loopback_and_asks_for_passwords(folder: Path) -> None:
    async with EmbeddedPostgres(folder) as server:
        assert await value(server.url, "show listen_addresses") == "127.0.0.1"
        assert await value(server.admin_url, "show unix_socket_directories") == ""
        assert (
            await value(server.url, "select rolsuper from pg_roles where rolname = user") is False
        )
        for user in ("callcenter", "callcenter_admin", "postgres"):
            with pytest.raises(asyncpg.PostgresError):
                await asyncpg.connect(f"postgresql://{user}:guess@127.0.0.1:{server.port}/postgres")
        hba = (folder / "data" / "pg_hba.conf").read_text().splitlines()
        rules = [line.split()[-1] for line in hba if line.strip() and not line.startswith("#")]
        assert set(rules) == {"scram-sha-256"}


async def test_after_a_crash_of_ours_the_running_server_is_taken_over(folder: Path) -> None:
    first = EmbeddedPostgres(folder)
    await first.start()
    pid = postmaster(folder)
    second = EmbeddedPostgres(folder)
    await second.start()
    try:
        assert postmaster(folder) == pid
        assert second.url == first.url
        assert await value(second.url, "select 1") == 1
    finally:
        await second.stop()
    await first.stop()


async def test_after_a_crash_of_the_server_its_data_is_there(folder: Path) -> None:
    async with EmbeddedPostgres(folder) as server:
        await value(server.url, "create table kept as select 7 as n")
        os.kill(postmaster(folder), 9)
        deadline = time.monotonic() + 10
        while True:
            try:
                await server.start()
                break
            except EmbeddedPostgresError:
                # Children of the killed server may still be going down.
                assert time.monotonic() < deadline
                await asyncio.sleep(0.1)
        assert await value(server.url, "select n from kept") == 7


async def test_a_stale_pid_file_of_a_living_stranger_is_removed(folder: Path) -> None:
    async with EmbeddedPostgres(folder):
        lines = (folder / "data" / "postmaster.pid").read_text().splitlines()
    # After a reboot the number may belong to any process: here, to this test.
    stale = "\n".join([str(os.getpid()), *lines[1:]])
    (folder / "data" / "postmaster.pid").write_text(stale)
    async with EmbeddedPostgres(folder) as server:
        assert await value(server.url, "select 1") == 1
    (folder / "data" / "postmaster.pid").write_text("rubbish")
    async with EmbeddedPostgres(folder) as server:
        assert await value(server.url, "select 1") == 1


async def test_a_start_cut_off_half_way_leaves_nothing_behind(folder: Path) -> None:
    (folder / "data.making").mkdir()
    (folder / "data.making" / "PG_VERSION").write_text("18\n")
    async with EmbeddedPostgres(folder) as server:
        assert await value(server.url, "select 1") == 1
    assert not (folder / "data.making").exists()


async def test_a_taken_port_gives_way_to_another_or_is_named(folder: Path) -> None:
    port = free_port()
    async with EmbeddedPostgres(folder, port=port):
        pass
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", port)
    async with taken:
        async with EmbeddedPostgres(folder) as server:
            assert server.port != port
        with pytest.raises(EmbeddedPostgresError, match=str(port)):
            await EmbeddedPostgres(folder, port=port).start()


async def test_data_of_another_version_is_refused(folder: Path) -> None:
    async with EmbeddedPostgres(folder):
        pass
    (folder / "data" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresError, match="belongs to PostgreSQL 17"):
        await EmbeddedPostgres(folder).start()


async def test_lost_and_open_secrets_are_explained(folder: Path) -> None:
    async with EmbeddedPostgres(folder):
        pass
    secret = folder / "secrets" / "postgres-admin"
    os.chmod(secret, 0o644)
    with pytest.raises(SecretUnusable, match="chmod 0400"):
        await EmbeddedPostgres(folder).start()
    secret.unlink()
    server = EmbeddedPostgres(folder)
    with pytest.raises(EmbeddedPostgresError, match="does not let us in"):
        await server.start()
    await server.stop()


async def test_a_lost_application_password_is_made_anew(folder: Path) -> None:
    async with EmbeddedPostgres(folder) as server:
        before = server.url
    (folder / "secrets" / "postgres-app").unlink()
    async with EmbeddedPostgres(folder) as server:
        assert server.url != before
        assert await value(server.url, "select 1") == 1


async def test_root_in_a_closed_folder_keeps_the_data_elsewhere(folder: Path) -> None:
    closed, elsewhere = folder / "closed", folder / "elsewhere"
    closed.mkdir(mode=0o700)
    for _ in range(2):
        async with EmbeddedPostgres(closed / "postgres", open_home=elsewhere) as server:
            assert await value(server.url, "select 1") == 1
            where = elsewhere if os.geteuid() == 0 else closed
            assert server.data.is_relative_to(where)
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    assert stat.S_IMODE((closed / "postgres" / "secrets").stat().st_mode) == 0o700


def test_a_closed_folder_is_not_reachable(folder: Path) -> None:
    stranger = ServerUser("stranger", 54321, 54321)
    inner = folder / "inner"
    inner.mkdir(mode=0o755)
    assert reachable(inner, stranger)
    os.chmod(folder, 0o700)
    assert not reachable(inner, stranger)
    owner = folder.stat()
    assert reachable(inner, ServerUser("owner", owner.st_uid, owner.st_gid))


def test_programs_copied_to_where_the_servers_user_can_run_them_still_run(folder: Path) -> None:
    server = EmbeddedPostgres(folder)
    server._bin = binaries()
    copied = server._copy_programs(folder / "copy")
    assert copied.is_relative_to(folder)
    for program in ("initdb", "pg_ctl", "postgres"):
        done = subprocess.run([copied / program, "--version"], capture_output=True, timeout=10)
        assert done.returncode == 0, done.stderr
