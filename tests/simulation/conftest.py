"""`pytest tests/simulation --nightly`: many more and longer stories."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nightly", action="store_true", help="10,000 stories of 1,000 steps")
