"""Messages, letters and recordings made from the settings, and what they do in the background."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from callcenter import secret_files
from callcenter.bootstrap.bucket import make_bucket
from callcenter.core.effects import Alarm
from callcenter.media.prompts.service import Prompts
from callcenter.media.recordings.keeping import DiskAndBucket, OnDisk
from callcenter.media.recordings.moving import Mover
from callcenter.media.recordings.retention import Retention
from callcenter.media.recordings.sealing import master_key
from callcenter.media.recordings.service import Recordings
from callcenter.media.recordings.worker import Worker
from callcenter.media.texts.service import Texts
from callcenter.media.voicemail.letters import Letters, MailServer
from callcenter.media.voicemail.service import Voicemails
from callcenter.runtime.loop import Loop
from callcenter.settings import Settings
from callcenter.store.store import Store


@dataclass(frozen=True, slots=True)
class Media:
    prompts: Prompts
    voicemails: Voicemails
    letters: Letters
    texts: Texts
    recordings: Recordings
    recorder: Worker
    mover: Mover | None

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.voicemails.keep())
            tasks.create_task(self.letters.run())
            tasks.create_task(self.texts.run())
            tasks.create_task(self.recorder.run())
            if self.mover is not None:
                tasks.create_task(self.mover.run())


def make_media(
    settings: Settings, store: Store, prompts: Prompts, texts: Texts, loop: Loop
) -> Media:
    """`prompts` and `texts` are there already: calls need them."""

    def alarm(code: str, text: str) -> None:
        loop.act([Alarm(code, text)])

    settings.talks.mkdir(parents=True, exist_ok=True, mode=0o750)
    disk, bucket = OnDisk(settings.kept_recordings), make_bucket(settings)
    keeping = DiskAndBucket(disk, bucket)
    mover = None if bucket is None else Mover(store.engine, disk, bucket, alarm)
    master = master_key(secret_files.read_or_make(settings.secrets_directory, "recordings-master"))
    retention = Retention(store.engine, keeping)
    recordings = settings.recordings
    return Media(
        prompts,
        Voicemails(store.engine, recordings),
        Letters(store.engine, _mail_server(settings), recordings, console_address(settings)),
        texts,
        Recordings(store.engine, keeping, master, retention),
        Worker(store.engine, settings.talks, keeping, master, retention, alarm),
        mover,
    )


def _mail_server(settings: Settings) -> MailServer | None:
    if settings.smtp_host is None or settings.smtp_sender is None:
        return None
    file = settings.smtp_password_file
    return MailServer(
        settings.smtp_host,
        settings.smtp_port,
        settings.smtp_sender,
        settings.smtp_security,
        settings.smtp_user or "",
        (lambda: secret_files.read(file)) if file is not None else str,
    )


def console_address(settings: Settings) -> str:
    """The console's address for links in letters: the first of the origins, else our own."""
    if settings.origins:
        return settings.origins[0]
    scheme = "https" if settings.tls else "http"
    return f"{scheme}://{settings.listen_address}:{settings.listen_port}"
