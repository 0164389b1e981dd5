"""Why a command is not carried out: data with a reason, one constant text each.

The code goes to the browser, which has the sentence in the user's language; the text is for logs
and for API users. Facts are never refused.
"""

from __future__ import annotations

from typing import Final

UNKNOWN_AGENT: Final = "unknown-agent"  # the login has no agent in the configuration
NOT_LOGGED_IN: Final = "not-logged-in"
UNKNOWN_CALL: Final = "unknown-call"  # the call has ended, or never was
NOT_YOUR_CALL: Final = "not-your-call"
TOO_LATE: Final = "too-late"  # the call is no longer in the stage the click was for
UNKNOWN_REASON: Final = "unknown-reason"  # pause reason not configured
UNKNOWN_DISPOSITION: Final = "unknown-disposition"
DISPOSITION_MISSING: Final = "disposition-missing"
STILL_TALKING: Final = "still-talking"
NO_EXTENSION: Final = "no-extension"  # wrap-up may not be extended (again)
NOT_WAITING: Final = "not-waiting"  # the call is not in a line (any more)
PRIORITY_OUT_OF_RANGE: Final = "priority-out-of-range"
STAYS_IN_QUEUE: Final = "stays-in-queue"  # he carries out a callback of that queue
THERE_ALREADY: Final = "there-already"
QUEUE_TAKES_NOBODY: Final = "queue-takes-nobody"  # closed, or full
AGENT_NOT_FREE: Final = "agent-not-free"  # offline, paused, busy, or his phone is not there
UNKNOWN_QUEUE: Final = "unknown-queue"
UNKNOWN_FLOW: Final = "unknown-flow"
NOT_TO_YOURSELF: Final = "not-to-yourself"
CONSULTING: Final = "consulting"  # first end the consultation, or hand the caller over
NOT_CONSULTING: Final = "not-consulting"
NOT_ANSWERED_YET: Final = "not-answered-yet"  # the consulted agent's phone is still ringing
UNKNOWN_CALLBACK: Final = "unknown-callback"  # it is over, or never was
CALLBACK_KNOWN: Final = "callback-known"  # this number waits for a callback of this queue already
CALLBACKS_OFF: Final = "callbacks-off"  # the queue, or the installation, calls nobody back
CALLBACKS_FULL: Final = "callbacks-full"
OUTSIDE_HOURS: Final = "outside-hours"  # the customer must not be called now
NOT_DIALLED: Final = "not-dialled"  # enough numbers are being dialled, or this one often enough
NOT_RECORDED: Final = "not-recorded"  # this talk is not recorded (any more)
MAY_NOT: Final = "may-not"  # the queue's rule leaves it to others
PLACES_FULL: Final = "places-full"  # all places for parked callers are taken
NOT_YOUR_QUEUE: Final = "not-your-queue"  # this agent does not serve the queue of the call
NOT_TO_CHOOSE: Final = "not-to-choose"  # agents of this queue take who is next, not whom they like
FINISH_FIRST: Final = "finish-first"  # the writing about the last call is not done
NO_PHONE: Final = "no-device"  # the agent's phone is not there
NO_CONFERENCE: Final = "no-conference"
NOT_KEYS: Final = "not-keys"
OUTBOUND_OFF: Final = "outbound-off"  # the switch is off, or there is no trunk
OUTBOUND_NOT_YOU: Final = "outbound-not-you"  # the role may not dial outside numbers
OUTBOUND_COUNTRY: Final = "outbound-country"
OUTBOUND_AT_ONCE: Final = "outbound-at-once"
OUTBOUND_HOUR: Final = "outbound-hour"  # this agent has dialled enough in the last hour
OUTBOUND_HOUR_ALL: Final = "outbound-hour-all"
CALLER_ID: Final = "caller-id"  # this number may not be shown by him, or for this queue
BUSY_YOURSELF: Final = "busy-yourself"
NO_QUEUE: Final = "no-queue"  # an outbound call is made in the name of a queue he serves
UNKNOWN_MESSAGE: Final = "unknown-message"
NOT_WITH_AGENT: Final = "not-with-agent"  # nobody talks with this caller now
HEARERS_FULL: Final = "hearers-full"
YOUR_OWN_CALL: Final = "your-own-call"
NOT_HEARING: Final = "not-hearing"  # this supervisor is at no call
NO_CALLER: Final = "no-caller"  # a call between agents cannot be taken over
BETWEEN_COLLEAGUES: Final = (
    "between-colleagues"  # no caller is there to be given on, or held by him
)
LINK_DOWN: Final = "link-down"  # Asterisk cannot be reached now; nothing was done

TEXTS: Final = {
    UNKNOWN_AGENT: "this login is not an agent",
    NOT_LOGGED_IN: "start the shift first",
    UNKNOWN_CALL: "this call is over",
    NOT_YOUR_CALL: "this call belongs to another agent",
    TOO_LATE: "too late: the call has moved on",
    UNKNOWN_REASON: "this pause reason is not configured",
    UNKNOWN_DISPOSITION: "this disposition is not configured for the queue",
    DISPOSITION_MISSING: "choose a disposition first",
    STILL_TALKING: "the call is still going on",
    NO_EXTENSION: "wrap-up cannot be extended any more",
    NOT_WAITING: "this call is not waiting in a queue",
    PRIORITY_OUT_OF_RANGE: "a priority is between -100 and 100",
    STAYS_IN_QUEUE: "a customer who is called back stays in the queue of the callback",
    THERE_ALREADY: "this caller waits in that queue already",
    QUEUE_TAKES_NOBODY: "that queue is closed or full",
    AGENT_NOT_FREE: "this agent cannot take a call now",
    UNKNOWN_QUEUE: "there is no such queue",
    UNKNOWN_FLOW: "there is no such call flow",
    NOT_TO_YOURSELF: "choose another agent",
    CONSULTING: "end the consultation first, or hand the caller over",
    NOT_CONSULTING: "you are not consulting anybody",
    NOT_ANSWERED_YET: "the other agent has not answered yet",
    UNKNOWN_CALLBACK: "this callback is over",
    CALLBACK_KNOWN: "this number is waiting for a callback of this queue already",
    CALLBACKS_OFF: "this queue calls nobody back",
    CALLBACKS_FULL: "this queue takes no more callbacks now",
    OUTSIDE_HOURS: "outside the hours in which the customer may be called",
    NOT_DIALLED: "not now: enough numbers are being dialled, or this one was often enough today",
    NOT_RECORDED: "this talk is not being recorded",
    MAY_NOT: "the rules of this queue do not let you do that",
    PLACES_FULL: "all places for parked callers are taken",
    NOT_YOUR_QUEUE: "this call belongs to a queue you do not serve",
    NOT_TO_CHOOSE: "in this queue agents do not choose whom they take",
    FINISH_FIRST: "finish the call you are on first",
    NO_PHONE: "your phone is not connected",
    NO_CONFERENCE: "there is no conference",
    NOT_KEYS: "only 0 to 9, * and # can be sent",
    OUTBOUND_OFF: "calls to outside numbers are switched off",
    OUTBOUND_NOT_YOU: "your role may not call outside numbers",
    OUTBOUND_COUNTRY: "calls to this country are not allowed",
    OUTBOUND_AT_ONCE: "as many outside calls are under way as are allowed: try again in a moment",
    OUTBOUND_HOUR: "you have made as many outside calls in the last hour as are allowed",
    OUTBOUND_HOUR_ALL: "the centre has made as many outside calls in the last hour as are allowed",
    CALLER_ID: "this number may not be shown for this call",
    BUSY_YOURSELF: "you have a call: end it first",
    NO_QUEUE: "a call goes out in the name of a queue, and you serve none",
    UNKNOWN_MESSAGE: "there is no such message to leave",
    NOT_WITH_AGENT: "no agent talks with this caller now",
    HEARERS_FULL: "as many supervisors as are allowed are at this call already",
    YOUR_OWN_CALL: "you are in this call yourself",
    NOT_HEARING: "you are at no call",
    NO_CALLER: "a call between agents cannot be taken over",
    BETWEEN_COLLEAGUES: "a talk between colleagues can only be ended, or held by who called",
    LINK_DOWN: "the telephone system cannot be reached at the moment",
}
