"""The way a caller took through a flow, written down when it is over: for the path analytics."""

from __future__ import annotations

from callcenter.core.call import Call
from callcenter.core.effects import RecordJourney
from callcenter.core.state import State
from ivr.analytics import journey_of
from ivr.asks import Disconnect
from ivr.nodes.ends import SERVED


def close(state: State, call: Call, now: float) -> None:
    """The present flow is over for this caller: the call ended, or another flow begins."""
    session = call.session
    if session is None or call.flow_closed or call.trial:
        return
    call.flow_closed = True
    ended = call.flow_end
    way = journey_of(session, ended or Disconnect(), abandoned=ended is None)
    end = "cut" if ended is None and call.ended_by != "caller" else way.end
    if call.answered_at is not None and any(port == SERVED for _, port in way.visits):
        end = "queue"  # an agent served him, whatever became of the questions after it
    state.ask(
        RecordJourney(
            call=call.id,
            sequence=state.next_line(call),
            flow=session.flow.id,
            version=session.flow.version,
            started_at=call.flow_since,
            ended_at=now,
            visits=way.visits,
            last=way.last,
            ended=end,
            contained=end == "served" and call.answered_at is None,
            language=call.language,
        )
    )
