#!/usr/bin/env python3
"""Makes a checkout ready to run: system packages, virtualenv, built console. Says what it does.

It needs nothing but Python 3.11 and does nothing that is already done, so a second call takes well
under a second. Everything installed is exactly what requirements.lock and package-lock.json name.
It must not import the product: the product's own needs are what it installs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import warm

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
NODE_LOCK = ROOT / "requirements-node.lock"
CONSOLE = ROOT / "agent_console" / "web"
LOG = ROOT / "var" / "bootstrap.log"
NODE_MIN = (20, 19)
STEP_SECONDS_MAX = 1800
LINES_SHOWN = 25
HOME = "callcenter-home"  # where a virtualenv was made
HOME_LENGTH_MAX = 100
PROGRAM_BYTES_MAX = 100_000  # larger ones in bin are no scripts
CONSOLE_SOURCES_LEFT_OUT = frozenset({"node_modules", "dist", "tests"})

# What must be there -> the package (Debian's and Ubuntu's name) that brings it.
# A word without a slash is a program, one with a slash a file.
RUN_PACKAGES = {
    "espeak-ng": "espeak-ng",
    "sox": "sox",
    "setpriv": "util-linux",
    "/usr/share/zoneinfo/Asia/Shanghai": "tzdata",
}
ASTERISK_PACKAGES = {"mmdebstrap": "mmdebstrap"}
DEMO_PACKAGES = {"sipp": "sip-tester"}
TEST_PACKAGES = {
    **DEMO_PACKAGES,
    "chromium": "chromium",
    "/usr/lib/chromium/chromium-headless-shell": "chromium-headless-shell",
    "unshare": "util-linux",
    "ip": "iproute2",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc": "fonts-wqy-microhei",
}


class Stop(Exception):
    """Something is missing that we cannot mend. The text says what to do."""


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--for", dest="purpose", choices=("run", "demo", "test"), default="run")
    arguments.add_argument("--console", choices=("build", "packages", "none"), default="build")
    chosen = arguments.parse_args()
    try:
        system_packages(chosen.purpose)
        shared = (
            chosen.purpose == "test"
        )  # with the next clone; a server keeps nothing it does not run
        virtualenv(shared)
        if chosen.purpose != "test":
            bytecode()
        if chosen.console == "build":
            console(shared)
        elif chosen.console == "packages":
            console_packages(shared)
    except Stop as stop:
        print(f"\n{stop}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The next start goes on where this one left off.", file=sys.stderr)
        return 130
    return 0


# -- system packages ------------------------------------------------------------------------------


def system_packages(purpose: str) -> None:
    wanted = dict(RUN_PACKAGES)
    if not has("asterisk"):
        wanted |= ASTERISK_PACKAGES
    wanted |= {"run": {}, "demo": DEMO_PACKAGES, "test": TEST_PACKAGES}[purpose]
    if not works([sys.executable, "-c", "import ensurepip, venv"]):
        wanted["no such program: venv"] = "python3-venv"
    missing = sorted({package for thing, package in wanted.items() if not has(thing)})
    if missing:
        install_packages(missing)


def has(thing: str) -> bool:
    if "/" in thing:
        return Path(thing).exists()
    path = os.environ.get("PATH", os.defpath) + ":/usr/local/sbin:/usr/sbin:/sbin"
    return shutil.which(thing, path=path) is not None


def install_packages(names: Sequence[str]) -> None:
    command = f"apt-get install -y --no-install-recommends {' '.join(names)}"
    if shutil.which("apt-get") is None:
        raise Stop(f"This system has no apt-get. Install these yourself: {', '.join(names)}")
    rights: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            raise Stop(f"Some system packages are missing. As root, run: {command}")
        rights = ["sudo", "--preserve-env=DEBIAN_FRONTEND"]
    environment = {"DEBIAN_FRONTEND": "noninteractive"}
    install = [*rights, *command.split()]
    title = f"Installing system packages: {', '.join(names)}"
    if Path("/var/lib/apt/lists").is_dir() and any(Path("/var/lib/apt/lists").glob("*Packages*")):
        if step(title, install, environment, may_fail=True):
            return
    step("Reading the package lists (apt-get update)", [*rights, "apt-get", "update"], environment)
    step(title, install, environment)


# -- virtualenv -----------------------------------------------------------------------------------


def virtualenv(shared: bool) -> None:
    stamp = VENV / "callcenter-lock"
    state = digest([LOCK], f"{sys.version_info[:2]}")
    key = digest([LOCK], f"{sys.version} {sys.base_prefix} {platform.machine()}")
    if not works([str(VENV / "bin/python"), "-c", ""]):
        shutil.rmtree(VENV, ignore_errors=True)
        if not (shared and warm.take("python", key, VENV, linked=True) and at_home()):
            step("Making the virtualenv .venv", [sys.executable, "-m", "venv", str(VENV)])
    complete = stamp.exists() and stamp.read_text() == state
    if not complete:
        count = len(re.findall(r"^\S+==", LOCK.read_text(), re.MULTILINE))
        pip_install(f"Installing {count} Python packages", LOCK)
    site = next(VENV.glob("lib/python3.*/site-packages"))
    warm.write_anew(site / "callcenter-checkout.pth", f"{ROOT}\n")
    warm.write_anew(stamp, state)
    if shared and not complete:
        warm.write_anew(VENV / HOME, str(VENV))
        warm.keep("python", key, VENV, linked=True)


def at_home() -> bool:
    """Makes a virtualenv that was made elsewhere one of this checkout: its programs name the place
    of their Python. False, and none there: that cannot be done."""
    try:
        old, new = (VENV / HOME).read_bytes(), bytes(VENV)
        if max(len(old), len(new)) > HOME_LENGTH_MAX:
            raise OSError("such a path is not what follows #! in a program")
        for path in [*(VENV / "bin").iterdir(), VENV / "pyvenv.cfg", VENV / HOME]:
            if path.is_file() and not path.is_symlink() and path.stat().st_size < PROGRAM_BYTES_MAX:
                text, mode = path.read_bytes(), path.stat().st_mode
                path.unlink()
                path.write_bytes(text.replace(old, new))
                path.chmod(mode)
    except OSError:
        shutil.rmtree(VENV)
        return False
    return True


def pip_install(title: str, lock: Path) -> None:
    python = str(VENV / "bin/python")
    options = ["--require-hashes", "--only-binary", ":all:", "--disable-pip-version-check"]
    step(title, [python, "-m", "pip", "install", "--no-input", *options, "-r", str(lock)])


def bytecode() -> None:
    """Of our own code: who runs it may not be allowed to write beside it, and then each start of
    the service compiles everything anew, for seconds."""
    compileall = [str(VENV / "bin/python"), "-m", "compileall", "-q"]
    for arguments in (["acd", "ivr", "callcenter"], ["-l", "agent_console"]):
        subprocess.run([*compileall, *arguments], cwd=ROOT, check=False)


# -- console --------------------------------------------------------------------------------------


def console(shared: bool) -> None:
    """Builds the web console if its sources are not those of the last build."""
    if not (CONSOLE / "package.json").exists():
        return
    built = CONSOLE / "dist" / ".built-from"
    state = digest(console_sources(), "")
    if built.exists() and built.read_text() == state and (built.parent / "index.html").exists():
        return
    environment = console_packages(shared)
    # The compiler has looked at the tests as well.
    key = digest([*console_sources(), *files_below(CONSOLE / "tests")], node_build(environment))
    if shared:
        shutil.rmtree(built.parent, ignore_errors=True)
        if warm.take("console", key, built.parent):
            return
    step("Building the console", ["npm", "run", "build"], environment, folder=CONSOLE)
    built.write_text(state)
    if shared:
        warm.keep("console", key, built.parent)


def console_packages(shared: bool) -> dict[str, str]:
    """Node and the console's packages; gives the environment in which npm works."""
    environment = node_environment()
    if console_packages_fit():
        return environment
    packages = CONSOLE / "node_modules"
    key = digest([CONSOLE / "package-lock.json"], node_build(environment))
    if shared:
        shutil.rmtree(packages, ignore_errors=True)
        if warm.take("node", key, packages, linked=True) and console_packages_fit():
            own = packages / ".package-lock.json"  # which npm writes in place
            warm.write_anew(own, own.read_text())
            return environment
    step("Installing the console's packages", ["npm", "ci"], environment, folder=CONSOLE)
    if shared:
        warm.keep("node", key, packages, linked=True)
    return environment


def node_build(environment: dict[str, str]) -> str:
    return (
        f"{node_version(shutil.which('node', path=environment['PATH']) or '')} {platform.machine()}"
    )


def node_environment() -> dict[str, str]:
    """The machine's Node if it is new enough, else the one of a Python package."""
    for path in (os.environ.get("PATH", os.defpath), str(VENV / "bin")):
        node = shutil.which("node", path=path)
        if node and shutil.which("npm", path=path) and node_version(node) >= NODE_MIN:
            return {"PATH": f"{Path(node).parent}:{os.environ.get('PATH', os.defpath)}"}
    pip_install("Installing Node (this machine has none that is new enough)", NODE_LOCK)
    return {"PATH": f"{VENV / 'bin'}:{os.environ.get('PATH', os.defpath)}"}


def node_version(node: str) -> tuple[int, int]:
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.(\d+)", done.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def console_packages_fit() -> bool:
    """Whether node_modules holds what package-lock.json says (npm keeps its own list there)."""
    try:
        wanted = json.loads((CONSOLE / "package-lock.json").read_text())["packages"]
        there = json.loads((CONSOLE / "node_modules/.package-lock.json").read_text())["packages"]
    except (OSError, ValueError, KeyError):
        return False
    for name, package in wanted.items():
        found = there.get(name)
        if name and found is None and not package.get("optional"):
            return False
        if name and found is not None and found.get("integrity") != package.get("integrity"):
            return False
    return True


def console_sources() -> list[Path]:
    return files_below(CONSOLE, CONSOLE_SOURCES_LEFT_OUT)


def files_below(top: Path, left_out: frozenset[str] = frozenset()) -> list[Path]:
    """All files, in one order, without those in the folders `left_out` of `top` itself."""
    found = []
    for folder, names, files in os.walk(top):
        names[:] = sorted(set(names) - left_out) if folder == str(top) else sorted(names)
        found += [
            Path(folder) / name for name in sorted(files) if not name.endswith(".tsbuildinfo")
        ]
    return found


# -- steps ----------------------------------------------------------------------------------------


def step(
    title: str,
    command: Sequence[str],
    environment: dict[str, str] | None = None,
    folder: Path = ROOT,
    *,
    may_fail: bool = False,
) -> bool:
    """Runs one slow thing, its output to a log, with a line before and after for the person."""
    LOG.parent.mkdir(exist_ok=True)
    print(f"  {title} ...", end="", flush=True)
    began = time.monotonic()
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        start = log.tell()
        try:
            done = subprocess.run(
                command,
                cwd=folder,
                env=os.environ | (environment or {}),
                stdin=None if command[0] == "sudo" else subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                timeout=STEP_SECONDS_MAX,
                check=False,
            )
            good = done.returncode == 0
        except (OSError, subprocess.TimeoutExpired) as error:
            log.write(f"{error}\n".encode())
            good = False
    print(f" {'done' if good else 'failed'} ({time.monotonic() - began:.0f} s)", flush=True)
    if not good and not may_fail:
        said = LOG.read_bytes()[start:].decode(errors="replace").splitlines()[-LINES_SHOWN:]
        raise Stop("\n".join([f"{title}: failed. The last lines of {LOG} are:", *said]))
    return good


def works(command: Sequence[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def digest(files: Iterable[Path], more: str) -> str:
    seen = hashlib.sha256(more.encode())
    for path in files:
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return seen.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
