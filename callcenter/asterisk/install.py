"""Finds an Asterisk to run, or makes a private one.

Debian stable has no asterisk package, Debian testing and Ubuntu have. A private copy is the
unpacked packages and nothing more: no package's scripts run, no account, no daemon, no file
outside its folder. It is started through its own dynamic loader (`AsteriskInstall.command`), so it
needs no chroot and no rights, and every path means the same inside and outside of Asterisk.

The mirror is the one that this machine's apt already uses. This file must not know how Asterisk is
configured or started (`config`, `process`).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

Progress = Callable[[str], None]
"""Called with one line for a person to read, whenever something slow begins or ends."""

MAJOR_MIN = 20
PACKAGES = ("asterisk", "asterisk-core-sounds-en-wav", "asterisk-moh-opsound-gsm")
DEBIAN_SUITES = ("forky", "sid")
BUILD_SECONDS_MAX = 900
MODULES_NEEDED = ("res_pjsip.so", "res_agi.so", "app_dial.so", "chan_pjsip.so")
MACHINE_CACHE = Path("/var/cache/callcenter")
"""What root has made here serves every account: one without rights may not be able to make any."""
SYSTEM_FOLDERS = ("usr/local/sbin", "usr/sbin", "usr/bin")
LAYOUT = 1
"""Part of the cache key: raise it when what `_unpack` leaves behind changes."""


class NoAsterisk(Exception):
    """No usable Asterisk, and none could be made. The text says why and what to do."""


@dataclass(frozen=True, slots=True)
class AsteriskInstall:
    """An Asterisk that can be started.

    `root`: the private copy's folder, None for the machine's own. `command`: how a command line
    begins (`[*command, "-C", ...]`). `data_folder` is Asterisk's astdatadir; `music_folder` and
    `sounds_folder` (languages below it) lie in it. All paths are absolute and are true for the
    running Asterisk too.
    """

    root: Path | None
    binary: Path
    version: str
    command: tuple[str, ...]
    modules_folder: Path
    data_folder: Path

    @property
    def music_folder(self) -> Path:
        return self.data_folder / "moh"

    @property
    def sounds_folder(self) -> Path:
        return self.data_folder / "sounds"


def default_cache() -> Path:
    """Where private copies are kept. For root a folder that other accounts can enter, since
    Asterisk runs as one."""
    base = os.environ.get("XDG_CACHE_HOME")
    if base:
        return Path(base) / "callcenter"
    return MACHINE_CACHE if os.geteuid() == 0 else Path.home() / ".cache/callcenter"


def find_or_make(
    cache: Path | None = None,
    progress: Progress = lambda line: None,
    *,
    look_on_machine: bool = True,
    machine_cache: Path = MACHINE_CACHE,
) -> AsteriskInstall:
    """The machine's own Asterisk if it is new enough, else a private copy from `cache` or
    `machine_cache`, made now in `cache` if need be (a minute, 300 MB). Raises NoAsterisk."""
    if look_on_machine:
        own = on_this_machine()
        if own is not None:
            return own
    cache = cache or default_cache()
    suites, components = _suites()
    for place in dict.fromkeys((cache, machine_cache)):
        for suite in suites:
            ready = in_folder(_folder(place, suite))
            if ready is not None:
                return ready
    cache.mkdir(parents=True, exist_ok=True)
    with _only_one(cache / "asterisk.lock", progress):
        return _make(cache, suites, components, progress)


def on_this_machine(top: Path = Path("/")) -> AsteriskInstall | None:
    """An installed Asterisk that is new enough and has the modules we cannot do without."""
    libraries = top / "usr/lib"
    modules = _first_folder(
        [*sorted(libraries.glob("*/asterisk/modules")), libraries / "asterisk/modules"],
        *MODULES_NEEDED,
    )
    data = _first_folder([top / "usr/share/asterisk", top / "var/lib/asterisk"], "sounds")
    for binary in (top / folder / "asterisk" for folder in SYSTEM_FOLDERS):
        if modules is None or data is None or not os.access(binary, os.X_OK):
            continue
        version = read_version((str(binary),))
        if version is not None and int(version.split(".")[0]) >= MAJOR_MIN:
            return AsteriskInstall(None, binary, version, (str(binary),), modules, data)
    return None


def read_version(command: tuple[str, ...]) -> str | None:
    """What `asterisk -V` says, such as "22.10.1"; None if it does not run."""
    try:
        done = subprocess.run([*command, "-V"], capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"Asterisk (\d+\.\d+[.\d]*)", done.stdout)
    return found.group(1).rstrip(".") if found else None


def _make(
    cache: Path, suites: tuple[str, ...], components: str, progress: Progress
) -> AsteriskInstall:
    mirror = machine_mirror()
    if shutil.which("mmdebstrap") is None:
        raise NoAsterisk(
            "There is no Asterisk on this machine, and mmdebstrap, which would unpack a private"
            " one, is missing. Install it (apt-get install mmdebstrap) and start again."
        )
    trouble = ""
    for suite in suites:
        target = _folder(cache, suite)
        ready = in_folder(target)
        if ready is not None:
            return ready
        progress(f"Unpacking a private Asterisk from {suite} (once; about half a minute)")
        trouble = _build(target, suite, components, mirror)
        ready = in_folder(target)
        if ready is not None:
            progress(f"Asterisk {ready.version} is ready")
            return ready
    raise NoAsterisk(
        "No private Asterisk could be made from this machine's package mirror. The last lines of"
        f" mmdebstrap were:\n{trouble}\nCheck that apt-get update works, or install an Asterisk"
        f" {MAJOR_MIN} or newer yourself."
    )


def _build(target: Path, suite: str, components: str, mirror: str) -> str:
    """Fills `target` by a rename, so that it is there whole or not at all. Returns the complaint
    if it failed, else ""."""
    making = target.with_name(f"{target.name}.new-{os.getpid()}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    try:
        complaint = _unpack(making, suite, components, mirror)
        if not complaint:
            _repair_links(making)
            making.chmod(0o755)
            shutil.rmtree(target, ignore_errors=True)
            making.rename(target)
        return complaint
    finally:
        shutil.rmtree(making, ignore_errors=True)


def _unpack(making: Path, suite: str, components: str, mirror: str) -> str:
    # Check-Valid-Until: a frozen mirror's lists are old; their signatures are checked all the same.
    command = [
        "mmdebstrap", "--quiet", "--variant=extract", "--format=tar",
        "--aptopt=Acquire::Check-Valid-Until \"false\"", "--aptopt=Acquire::Retries \"3\"",
        f"--components={components}", f"--include={','.join(PACKAGES)}", suite, "-", mirror,
    ]  # fmt: skip
    if os.geteuid() != 0 and shutil.which("newuidmap") is None and shutil.which("sudo"):
        command = ["sudo", *command]
    complaints = making / "mmdebstrap.log"
    with complaints.open("wb") as log:
        packing = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
        try:
            unpacking = subprocess.run(
                ["tar", "-x", "--no-same-owner", "-C", str(making), "--wildcards", "./usr*"],
                stdin=packing.stdout,
                stderr=subprocess.PIPE,
                timeout=BUILD_SECONDS_MAX,
            )
            packed = packing.wait(timeout=30)
        except subprocess.TimeoutExpired:
            return f"not done after {BUILD_SECONDS_MAX} s"
        finally:
            if packing.poll() is None:
                packing.terminate()
                packing.wait()
    said = complaints.read_text(errors="replace").strip().splitlines()[-12:]
    complaints.unlink()
    if packed != 0 or unpacking.returncode != 0:
        return "\n".join([*said, unpacking.stderr.decode(errors="replace").strip()]).strip()
    return ""


def _repair_links(root: Path) -> None:
    """Asterisk's sounds are reached through links that the packages' scripts would have made."""
    sounds = root / "usr/share/asterisk/sounds"
    voice = next(iter(sorted(sounds.glob("en_US_*"))), None)
    for name in ("en", "en_US"):
        link = sounds / name
        if voice is not None and not link.exists():
            link.unlink(missing_ok=True)
            link.symlink_to(voice.name)


def in_folder(root: Path) -> AsteriskInstall | None:
    """The private Asterisk unpacked in `root`; None if there is none or it does not run."""
    loader = next(iter(sorted(root.glob("usr/lib/*/ld-linux*.so.*"))), None)
    if loader is None:
        return None
    libraries = loader.parent
    binary = root / "usr/sbin/asterisk"
    command = (str(loader), "--library-path", str(libraries), str(binary))
    version = read_version(command)
    modules = _first_folder([libraries / "asterisk/modules"], *MODULES_NEEDED)
    data = _first_folder([root / "usr/share/asterisk"], "sounds/en", "moh")
    if version is None or modules is None or data is None:
        return None
    return AsteriskInstall(root, binary, version, command, modules, data)


def _folder(cache: Path, suite: str) -> Path:
    key = hashlib.sha256(repr((LAYOUT, suite, PACKAGES)).encode()).hexdigest()[:12]
    return cache / f"asterisk-{suite}-{key}"


def _suites() -> tuple[tuple[str, ...], str]:
    release = _os_release()
    names = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    if "ubuntu" in names:
        return (release.get("UBUNTU_CODENAME") or release.get("VERSION_CODENAME", ""),), (
            "main,universe"
        )
    if "debian" in names:
        return DEBIAN_SUITES, "main"
    raise NoAsterisk(
        f"There is no Asterisk on this machine, and this system ({release.get('ID', 'unknown')})"
        f" is neither Debian nor Ubuntu. Install Asterisk {MAJOR_MIN} or newer with pjsip."
    )


def machine_mirror() -> str:
    """The package mirror that this machine's apt uses for its own release. Raises NoAsterisk."""
    release = _os_release()
    form = "$(REPO_URI)|$(RELEASE)|$(COMPONENT)"
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", form, "Created-By: Packages"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    codename = release.get("VERSION_CODENAME", "")
    for line in done.stdout.splitlines():
        address, suite, component = line.rsplit("|", 2)
        if component == "main" and suite in {codename, "stable", "testing", "unstable", "sid"}:
            return address
    raise NoAsterisk(
        f"apt on this machine names no mirror for its own release ({codename or 'unknown'})."
        " Mend /etc/apt/sources.list, or install an Asterisk yourself."
    )


def _os_release(path: Path = Path("/etc/os-release")) -> dict[str, str]:
    values = {}
    for line in path.read_text().splitlines():
        name, equals, value = line.partition("=")
        if equals:
            values[name] = value.strip("\"'")
    return values


def _first_folder(folders: list[Path], *must_hold: str) -> Path | None:
    for folder in folders:
        if all((folder / name).exists() for name in must_hold):
            return folder
    return None


@contextmanager
def _only_one(lock: Path, progress: Progress) -> Iterator[None]:
    """Two starts at once must not both unpack."""
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("Another start is unpacking Asterisk; waiting for it")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
