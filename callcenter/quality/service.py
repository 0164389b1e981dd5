"""Quality as one value, built by the bootstrap and handed to the web layer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.config import Config
from callcenter.quality.calibrations import Calibrations
from callcenter.quality.evaluations import Evaluations
from callcenter.quality.kept_forms import Forms
from callcenter.quality.plans import Plans


@dataclass(frozen=True, slots=True)
class Quality:
    """`plans.run` is to be run beside the rest of the service."""

    forms: Forms
    evaluations: Evaluations
    plans: Plans
    calibrations: Calibrations


def make_quality(engine: AsyncEngine, config: Callable[[], Config]) -> Quality:
    return Quality(Forms(engine), Evaluations(engine), Plans(engine, config), Calibrations(engine))
