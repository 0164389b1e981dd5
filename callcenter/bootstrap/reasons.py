"""The running engine's reasons for the web: reads the centre between two steps, changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acd.agent_story import Stretch
from acd.decisions import Decision
from acd.estimate import EstimateErrors
from callcenter.runtime.loop import Loop


class Reasons:
    """Implements `callcenter.web.services.Routing`."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop

    def why(self, call: str) -> Decision | None:
        try:
            return self._loop.centre.state.router.why(call, self._loop.clock.now())
        except KeyError:
            return None

    def story(self, agent: str, since: float, until: float) -> Sequence[Stretch]:
        return self._loop.centre.state.router.story(agent, since, until)

    def estimates(
        self,
    ) -> Mapping[str, tuple[tuple[float, float] | None, EstimateErrors | None]]:
        state, now = self._loop.centre.state, self._loop.clock.now()
        router = state.router
        return {
            queue: (router.queue_estimate(queue, now), router.estimate_errors(queue))
            for queue in state.config.queues
        }

    def in_line(self) -> Sequence[str]:
        return list(self._loop.centre.state.calls)
