"""The bucket for recordings, made from the settings, and how it stands: for the service and for the
command line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from callcenter import secret_files
from callcenter.media.recordings.addresses import read_address
from callcenter.media.recordings.bucket import InBucket
from callcenter.media.recordings.keeping import DiskAndBucket, OnDisk
from callcenter.media.recordings.moving import Mover
from callcenter.settings import Mistake, Settings, SettingsMistakes
from callcenter.web.checks import Check


def make_kept(settings: Settings) -> DiskAndBucket:
    """Recordings wherever the settings say they lie. Raises SettingsMistakes."""
    return DiskAndBucket(OnDisk(settings.kept_recordings), make_bucket(settings))


def make_bucket(settings: Settings) -> InBucket | None:
    """Raises SettingsMistakes for unusable files of keys or of an authority."""
    secrets, authority = (
        settings.recordings_bucket_secrets_file,
        settings.recordings_bucket_authority_file,
    )
    if settings.recordings_bucket_url is None or secrets is None:
        return None
    try:
        keys = json.loads(secret_files.read(secrets))
        access, secret = (str(keys[name]) for name in ("access_key", "secret_key"))
    except (secret_files.SecretUnusable, ValueError, KeyError, TypeError) as error:
        expected = 'a JSON file as {"access_key": "...", "secret_key": "..."}'
        variable = "CALLCENTER_RECORDINGS_BUCKET_SECRETS_FILE"
        mistake = Mistake(variable, str(secrets), expected, type(error).__name__)
        raise SettingsMistakes([mistake]) from None
    return InBucket(
        read_address(settings.recordings_bucket_url),
        settings.recordings_bucket_region,
        access,
        secret,
        authority.read_text() if authority is not None else "",
    )


def bucket_check(mover: Mover | None) -> Iterator[Check]:
    """Nothing where recordings stay on the disk. Calls are taken also when it does not answer."""
    if mover is None:
        return
    stands = mover.standing
    todo = (
        "Recordings stay on the disk meanwhile, so look at its room, too. `callcenter doctor`"
        " tries the bucket."
    )
    yield Check(
        "bucket",
        not stands.trouble,
        f"{stands.trouble or stands.address}; {stands.waiting} recordings wait to be moved",
        todo if stands.trouble else "",
        {"address": stands.address, "waiting": stands.waiting},
        needed=False,
    )
