"""The second line behind `policy`: a supervisor's request stays inside the border of his teams.

One table, route by kind of border. It covers every route that supervisors may call and agents may
not call in the same way; what each agent may see of the whole house needs no border. A route that
is missing here is refused to everybody who has a border at all. This file must not know what a
team is made of: `callcenter.core.teams` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from callcenter.core.teams import Reach, within
from callcenter.web.errors import ApiError

Border = Literal[
    "open",  # tells of no agent, call or queue: customers, articles, hours, rules of the house
    "agent",  # the agent in the path must be within
    "queue",  # so must the queue
    "team",
    "narrowed",  # the route narrows what it shows and takes by `Caller.reach` itself
]

BORDERS: Mapping[tuple[str, str], Border] = {
    ("PUT", "/api/article-categories/{code}"): "open",
    ("DELETE", "/api/article-categories/{code}"): "open",
    ("POST", "/api/articles"): "open",
    ("GET", "/api/articles/gaps"): "open",
    ("POST", "/api/articles/preview"): "open",
    ("GET", "/api/articles/{article}/draft"): "open",
    ("PUT", "/api/articles/{article}/draft"): "open",
    ("POST", "/api/articles/{article}/publish"): "open",
    ("POST", "/api/articles/{article}/restore"): "open",
    ("PUT", "/api/articles/{article}/archived"): "open",
    ("GET", "/api/articles/{article}/versions"): "open",
    ("GET", "/api/articles/{article}/diff"): "open",
    ("GET", "/api/customers/doubles"): "open",
    ("POST", "/api/customers/merge"): "open",
    ("POST", "/api/customers/merges/{merge}/undo"): "open",
    ("GET", "/api/customers/export"): "open",
    ("GET", "/api/follow-up-plans"): "open",
    ("GET", "/api/work-hours"): "open",
    ("GET", "/api/imports"): "open",
    ("POST", "/api/imports"): "open",
    ("GET", "/api/imports/{import_id}"): "open",
    ("POST", "/api/imports/{import_id}/start"): "open",
    ("POST", "/api/imports/{import_id}/cancel"): "open",
    ("GET", "/api/imports/{import_id}/flaws"): "open",
    # A customer's history shows his calls to every agent; the list of calls is narrowed.
    ("GET", "/api/interactions"): "narrowed",
    ("GET", "/api/calls-found"): "narrowed",
    ("GET", "/api/interactions/{call}"): "narrowed",
    ("GET", "/api/reports"): "open",
    ("GET", "/api/reports/{report}"): "narrowed",
    ("GET", "/api/reports/{report}/file"): "narrowed",
    ("GET", "/api/calls-behind"): "narrowed",
    ("GET", "/api/queue-minutes"): "narrowed",
    ("POST", "/api/report-jobs/{report}"): "narrowed",
    ("GET", "/api/report-jobs/{job}"): "narrowed",  # one's own
    ("DELETE", "/api/report-jobs/{job}"): "narrowed",
    ("GET", "/api/report-views"): "open",  # what is asked, no figures
    ("POST", "/api/report-views"): "open",
    ("DELETE", "/api/report-views/{view}"): "open",
    ("GET", "/api/report-schedules"): "narrowed",  # one's own
    ("POST", "/api/report-schedules"): "narrowed",
    ("PUT", "/api/report-schedules/{schedule}"): "narrowed",
    ("DELETE", "/api/report-schedules/{schedule}"): "narrowed",
    ("GET", "/api/callbacks"): "narrowed",
    ("POST", "/api/callbacks"): "narrowed",
    ("GET", "/api/callbacks/{callback}"): "narrowed",
    ("POST", "/api/callbacks/{callback}/cancel"): "narrowed",
    ("POST", "/api/callbacks/{callback}/dial"): "narrowed",
    ("PUT", "/api/callbacks/{callback}/time"): "narrowed",
    ("GET", "/api/callback-policies"): "narrowed",
    ("GET", "/api/outbound-rules"): "open",
    ("GET", "/api/trunk-lines"): "open",
    ("GET", "/api/routing/why/call/{call}"): "narrowed",
    ("GET", "/api/routing/why/agent/{agent}"): "agent",
    ("GET", "/api/routing/estimates"): "narrowed",
    ("POST", "/api/staffing"): "narrowed",
    ("POST", "/api/staffing/simulated"): "narrowed",
    ("GET", "/api/staffing/simulated/{run}"): "narrowed",  # one's own
    ("DELETE", "/api/staffing/simulated/{run}"): "narrowed",
    ("POST", "/api/what-if"): "narrowed",
    ("GET", "/api/what-if/{run}"): "narrowed",  # one's own
    ("DELETE", "/api/what-if/{run}"): "narrowed",
    ("GET", "/api/shifts"): "narrowed",
    ("PUT", "/api/shifts"): "narrowed",
    ("GET", "/api/shifts/file"): "narrowed",
    ("POST", "/api/shifts/copy"): "narrowed",
    ("POST", "/api/shifts/import"): "narrowed",
    ("GET", "/api/shift-changes"): "narrowed",
    ("POST", "/api/shift-changes/{change}/undo"): "narrowed",
    ("GET", "/api/agents"): "narrowed",
    ("GET", "/api/centre"): "open",
    ("GET", "/api/queues"): "narrowed",
    ("GET", "/api/groups"): "narrowed",
    ("GET", "/api/teams"): "narrowed",
    ("POST", "/api/agents/{agent}/state"): "agent",
    ("PUT", "/api/agents/{agent}/work"): "agent",
    ("POST", "/api/desk-messages"): "narrowed",
    ("GET", "/api/desk-messages"): "narrowed",
    ("GET", "/api/alert-rules"): "narrowed",
    ("POST", "/api/alert-rules"): "narrowed",
    ("PUT", "/api/alert-rules/{rule}"): "narrowed",
    ("DELETE", "/api/alert-rules/{rule}"): "narrowed",
    ("GET", "/api/alerts"): "narrowed",
    ("POST", "/api/alerts/{alert}/acknowledge"): "narrowed",
    ("GET", "/api/alerts/{alert}/takers"): "narrowed",
    ("POST", "/api/alerts/{alert}/give"): "narrowed",
    ("GET", "/api/ghosts"): "narrowed",
    ("POST", "/api/ghosts/clear"): "narrowed",
    ("GET", "/api/walls"): "narrowed",
    ("POST", "/api/walls"): "narrowed",
    ("PUT", "/api/walls/{wall}"): "narrowed",
    ("DELETE", "/api/walls/{wall}"): "narrowed",
    ("POST", "/api/walls/{wall}/restore"): "narrowed",
    ("POST", "/api/walls/{wall}/screens"): "narrowed",
    ("DELETE", "/api/walls/{wall}/screens/{screen}"): "narrowed",
    ("GET", "/api/calendars"): "open",
    ("POST", "/api/calendars/preview"): "open",
    ("POST", "/api/calendars/emergency"): "open",
    ("POST", "/api/calendars/{calendar}/emergency"): "open",
    ("GET", "/api/flows/{name}/counters"): "open",
    ("GET", "/api/voicemails"): "narrowed",
    ("GET", "/api/voicemails/new"): "narrowed",
    ("GET", "/api/voicemails/{message}"): "narrowed",
    ("PUT", "/api/voicemails/{message}"): "narrowed",
    ("DELETE", "/api/voicemails/{message}"): "narrowed",
    ("POST", "/api/voicemails/{message}/restore"): "narrowed",
    ("GET", "/api/voicemails/{message}/audio"): "narrowed",
    ("GET", "/api/voicemails/{message}/file"): "narrowed",
    ("GET", "/api/mailboxes"): "narrowed",
    ("GET", "/api/recordings"): "narrowed",
    ("GET", "/api/recordings/{recording}"): "narrowed",
    ("GET", "/api/recordings/{recording}/audio"): "narrowed",
    ("GET", "/api/recordings/{recording}/file"): "narrowed",
    ("POST", "/api/recordings/{recording}/comments"): "narrowed",
    ("DELETE", "/api/recordings/{recording}/comments/{comment}"): "narrowed",
    ("GET", "/api/retention-rules"): "open",
    ("GET", "/api/retention-runs"): "open",
    ("GET", "/api/recording-policies"): "narrowed",
    ("POST", "/api/calls/{call}/recording"): "narrowed",
    ("GET", "/api/evaluation-forms"): "open",
    ("GET", "/api/evaluation-forms/{code}/versions"): "open",
    ("GET", "/api/evaluations"): "narrowed",
    ("POST", "/api/evaluations"): "narrowed",
    ("GET", "/api/evaluations/{evaluation}"): "narrowed",
    ("PUT", "/api/evaluations/{evaluation}"): "narrowed",  # one's own
    ("DELETE", "/api/evaluations/{evaluation}"): "narrowed",
    ("POST", "/api/evaluations/{evaluation}/hand-in"): "narrowed",
    ("POST", "/api/evaluations/{evaluation}/answer"): "narrowed",
    ("GET", "/api/sampling-plans"): "narrowed",
    ("POST", "/api/sampling-plans"): "narrowed",
    ("PUT", "/api/sampling-plans/{plan}"): "narrowed",
    ("DELETE", "/api/sampling-plans/{plan}"): "narrowed",
    ("POST", "/api/sampling-plans/{plan}/draw"): "narrowed",
    ("GET", "/api/samples"): "narrowed",
    ("PUT", "/api/samples/{sample}/skipped"): "narrowed",
    ("GET", "/api/calibrations"): "narrowed",
    ("POST", "/api/calibrations"): "narrowed",
    ("GET", "/api/calibrations/{calibration}"): "narrowed",
    ("POST", "/api/calibrations/{calibration}/evaluation"): "narrowed",
    ("POST", "/api/calibrations/{calibration}/close"): "narrowed",
    ("POST", "/api/calls/{call}/hearing"): "narrowed",
    ("PUT", "/api/hearing"): "narrowed",  # the call one is at
    ("POST", "/api/hearing/take-over"): "narrowed",
    ("DELETE", "/api/hearing"): "narrowed",
}


def outside() -> ApiError:
    """Said without looking whether the thing exists at all."""
    return ApiError(
        403,
        "outside_team",
        "this belongs to no team that you lead",
        todo="ask an administrator to make you a leader of the team",
    )


def border_kept(reach: Reach, method: str, path: str, parameters: Mapping[str, str]) -> bool:
    """Whether a request with these path parameters may go on to its route."""
    if reach.everything:
        return True
    match BORDERS.get((method, path)):
        case "open" | "narrowed":
            return True
        case "agent":
            return within(reach, agents=(parameters.get("agent"),))
        case "queue":
            return within(reach, queues=(parameters.get("queue"),))
        case "team":
            return within(reach, teams=(parameters.get("team"),))
        case None:
            return False
