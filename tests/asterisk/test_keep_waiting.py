"""A service that has only begun to start holds who waits, and nobody else, and not for ever."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from callcenter.asterisk.config import LEASE_SECONDS
from callcenter.cli.keep_waiting import EVERY_SECONDS, Holding, keep_waiting
from callcenter.cli.manager_talk import ManagerTalk
from callcenter.core.effects import Connect
from callcenter.core.inputs import AgentAnswered, CallArrived
from callcenter.settings import Settings
from tests.asterisk import lab as labs
from tests.asterisk.lab import Lab, ready, running, until

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]


def settings_for(lab: Lab, folder: Path) -> Settings:
    secrets = folder / "asterisk.json"
    secrets.write_text(json.dumps({"acd-ctl": labs.CONTROL_SECRET}))
    secrets.chmod(0o400)
    return Settings(
        data_directory=folder,
        asterisk_ami_port=lab.settings.ami_port,
        asterisk_secrets_file=secrets,
    )


def seconds_left(lab: Lab, channel: str) -> float:
    """Until Asterisk takes the channel away; 0: it does not."""
    with ManagerTalk("127.0.0.1", lab.settings.ami_port) as talk:
        login = {"Username": "acd-ctl", "Secret": labs.CONTROL_SECRET, "Events": "off"}
        talk.ask({"Action": "Login"} | login)
        asked = {"Action": "Getvar", "Channel": channel, "Variable": "TIMEOUT(absolute)"}
        return float(talk.ask(asked)["value"][0])


async def test_who_waits_is_held_by_a_service_that_is_still_starting(
    lab: Lab, tmp_path: Path
) -> None:
    settings = settings_for(lab, tmp_path)
    async with (
        lab.agent("ada"),
        lab.caller_who_stays("4001") as talking,
        lab.caller_who_stays("4002") as waiting,
    ):
        async with running(lab) as (switch, told):
            await ready(switch, "ada")
            talking.dial()
            first = await told.wait(CallArrived)
            switch.perform(Connect(first.call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            waiting.dial()
            second = await told.wait(CallArrived, lambda told: told.did == "4002")
        # The service is dead now, and his lease is short in this lab.
        assert await asyncio.to_thread(keep_waiting, settings) == 1
        assert labs.LEASE_SECONDS < seconds_left(lab, second.channel) <= LEASE_SECONDS
        assert seconds_left(lab, first.channel) == 0, "who talks must not be cut off"
        with Holding(settings) as holding:
            # Again and again, until the service takes over.
            await until(
                lambda: seconds_left(lab, second.channel) <= LEASE_SECONDS - EVERY_SECONDS + 1
            )
            await until(lambda: seconds_left(lab, second.channel) > LEASE_SECONDS - 1)
            await asyncio.to_thread(holding.let_go)
        lab.ask("dialplan set global ACD_BEAT 1000")
        assert await asyncio.to_thread(keep_waiting, settings) == 0
        lab.ask("channel request hangup all")


async def test_an_asterisk_that_is_away_or_refuses_stops_no_start(lab: Lab, tmp_path: Path) -> None:
    settings = settings_for(lab, tmp_path)
    assert settings.asterisk_secrets_file is not None
    away = settings.model_copy(update={"asterisk_ami_port": labs.free_port()})
    assert await asyncio.to_thread(keep_waiting, away) == 0
    settings.asterisk_secrets_file.chmod(0o600)
    settings.asterisk_secrets_file.write_text(json.dumps({"acd-ctl": "wrong"}))
    assert await asyncio.to_thread(keep_waiting, settings) == 0
    settings.asterisk_secrets_file.unlink()
    assert await asyncio.to_thread(keep_waiting, settings) == 0
