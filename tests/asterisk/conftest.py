"""One Asterisk for all tests of a run that leave it as they found it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.asterisk.lab import Lab


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    lab = Lab(tmp_path_factory.mktemp("lab"))
    lab.start()
    yield lab
    lab.stop()


@pytest.fixture
def own_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """For tests that stop it, or change what it remembers."""
    lab = Lab(tmp_path_factory.mktemp("own-lab"))
    lab.start()
    yield lab
    lab.stop()
