"""How much to try: little on every run, much with `--nightly` (or CALLCENTER_NIGHTLY=1)."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def nightly(request: pytest.FixtureRequest) -> bool:
    wanted = request.config.getoption("--nightly", default=False)
    return bool(wanted) or os.environ.get("CALLCENTER_NIGHTLY") == "1"
