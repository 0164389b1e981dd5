"""`callcenter doctor`: looks at every link the centre stands on and says what to mend.

It looks from outside, with the settings the service has, changes nothing, and works beside a
running service. It must not repair anything: what it finds is for a person.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from callcenter.cli import doctor_asterisk, doctor_parts, doctor_web, installation
from callcenter.cli.findings import Finding, bad, lines, ok
from callcenter.settings import PREFIX, SettingsMistakes, default_data_directory, load_settings


def doctor(
    data: Annotated[Path | None, typer.Option(help="the data folder, as for scripts/run")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON for a machine")] = False,
) -> None:
    """Check Asterisk, its rights, modules and codecs, prompts, database, disk, TLS, websocket."""
    findings = []
    for finding in examine(data):
        findings.append(finding)
        if not as_json:
            for line in lines([finding]):
                print(line, flush=True)
    broken = sum(finding.verdict == "bad" for finding in findings)
    if as_json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        print(f"\n{_sum(broken, sum(f.verdict == 'look' for f in findings))}")
    raise typer.Exit(1 if broken else 0)


def _sum(broken: int, to_look_at: int) -> str:
    if broken:
        return f"{broken} of the links do not work. Mend them from the top: one may break others."
    if to_look_at:
        return f"Everything works; {to_look_at} to look at."
    return "Everything works."


def examine(data: Path | None) -> Iterator[Finding]:
    """All findings, in the order in which one link stands on another."""
    own = f"{PREFIX}DATA_DIRECTORY"
    folder = data or Path(os.environ.get(own) or default_data_directory())
    private = installation.remembered(folder)
    for name, value in private.items():
        os.environ.setdefault(name, value)
    if data is not None:
        os.environ[own] = str(data.absolute())
    try:
        settings = load_settings()
    except SettingsMistakes as wrong:
        for mistake in wrong.mistakes:
            yield bad("Settings", str(mistake), "Set it right; nothing starts before.")
        return
    source = "of the private installation" if private else "of the environment"
    yield ok("Settings", f"read, those {source}")
    yield from doctor_parts.disk(settings.data_directory)
    yield asyncio.run(doctor_parts.database(settings))
    yield from asyncio.run(doctor_parts.bucket(settings))
    yield from doctor_asterisk.manager(settings)
    yield doctor_asterisk.codecs(doctor_parts.command_line(settings) if private else None)
    yield doctor_asterisk.sip_websocket(settings)
    yield from doctor_parts.prompts(settings)
    yield doctor_parts.tls(settings)
    yield from doctor_web.service(settings)


def register(app: typer.Typer) -> None:
    app.command(name="doctor")(doctor)
