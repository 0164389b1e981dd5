"""From a browser's message to what the core understands: one table, one door.

A message is read here and nowhere else; what cannot be read becomes a `Broken` with the id to
answer, where there is one. This file must not know sockets or who may do what: the core decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from agent_console import wire
from callcenter.core import commands, in_call
from callcenter.dialling import Dialable

_READER: TypeAdapter[wire.ClientMessage] = TypeAdapter(wire.ClientMessage)
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_PROBLEMS_SHOWN = 3

AgentCommand = (
    wire.LogIn
    | wire.LogOut
    | wire.GoAvailable
    | wire.Pause
    | wire.RejectOffer
    | wire.HangUp
    | wire.Hold
    | wire.ChooseCustomer
    | wire.FinishWrapUp
    | wire.ExtendWrapUp
    | wire.Transfer
    | wire.Consult
    | wire.EndConsult
    | wire.HandOver
    | wire.Swap
    | wire.Join
    | wire.ReturnToCall
    | wire.PauseRecording
    | wire.RefuseRecording
    | wire.Park
    | wire.PickUp
    | wire.MutePerson
    | wire.PartParties
    | wire.SendDigits
    | wire.Dial
    | wire.CallColleague
    | wire.ConsultNumber
    | wire.DropMessage
)
SupervisorCommand = wire.Reprioritise | wire.MoveCaller
Command = AgentCommand | SupervisorCommand | wire.TakeCaller


@dataclass(frozen=True, slots=True)
class Broken:
    """A message that breaks the schema: why, and the id it carried (None: no usable one)."""

    text: str
    id: str | None = None


def read(text: str) -> Command | wire.Resume | wire.Ping | Broken:
    """One message of the browser, or what is wrong with it. Never raises for its content."""
    try:
        return _READER.validate_json(text)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        told = "; ".join(_told(dict(problem)) for problem in problems[:_PROBLEMS_SHOWN])
        return Broken(f"this message cannot be read: {told}", _id_of(text))


@dataclass(frozen=True, slots=True)
class Known:
    """What the hub has found out for a command: the customer it names, the number it is about, and
    the role of who sent it."""

    role: str = "agent"
    card: commands.CustomerCard | None = None
    number: Dialable | None = None


NOTHING = Known()


def action(command: AgentCommand, agent: str, known: Known = NOTHING) -> commands.AgentAction:
    """The core's word for a command of `agent`.

    `b<agent>` is the endpoint of the agent's browser phone, `d<agent>` of the desk phone."""
    match command:
        case wire.LogIn(device=device):
            return commands.LogIn(("b" if device == "browser" else "d") + agent)
        case wire.LogOut():
            return commands.LogOut()
        case wire.GoAvailable():
            return commands.GoAvailable()
        case wire.Pause(reason=reason):
            return commands.Pause(reason)
        case wire.RejectOffer(call=call):
            return commands.RejectOffer(call)
        case wire.HangUp(call=call):
            return commands.HangUpCall(call)
        case wire.Hold(call=call, hold=hold):
            return commands.HoldCall(call, hold)
        case wire.ChooseCustomer(call=call):
            assert known.card is not None, "the hub looks the customer up first"
            return commands.ChooseCustomer(call, known.card)
        case wire.Dial(queue=queue, shown=shown, name=name):
            number = _checked(known)
            return commands.DialNumber(
                number.number, number.country, known.role, queue, shown, name.strip(), known.card
            )
        case wire.CallColleague(agent=other):
            return commands.CallColleague(other)
        case wire.ConsultNumber(call=call, name=name, give=give):
            number = _checked(known)
            return commands.ConsultNumber(
                call, number.number, number.country, known.role, name.strip(), give
            )
        case wire.DropMessage(call=call, message=message):
            return commands.DropMessage(call, message)
        case wire.FinishWrapUp(call=call, disposition=disposition, note=note, then=then):
            return commands.FinishWrapUp(call, disposition, note, then)
        case wire.ExtendWrapUp(call=call):
            return commands.ExtendWrapUp(call)
        case wire.Transfer(call=call, to=to, target=target):
            return commands.TransferCall(call, to, target)
        case wire.Consult(call=call, agent=other):
            return commands.ConsultAgent(call, other)
        case wire.EndConsult(call=call, machine=machine):
            return commands.EndConsultation(call, machine)
        case wire.HandOver(call=call):
            return commands.HandOverCall(call)
        case wire.Swap(call=call):
            return commands.SwapParties(call)
        case wire.Join(call=call):
            return commands.JoinParties(call)
        case wire.ReturnToCall(call=call):
            return commands.ReturnToCall(call)
        case wire.PauseRecording(call=call, paused=paused, card=asked):
            return commands.PauseTalkRecording(call, paused, asked)
        case wire.RefuseRecording(call=call):
            return commands.RefuseRecording(call)
        case wire.Park(call=call):
            return in_call.ParkCall(call)
        case wire.PickUp(call=call):
            return in_call.PickUpCall(call)
        case wire.MutePerson(call=call, who=who, on=on):
            return in_call.MutePerson(call, who, on)
        case wire.PartParties(call=call, talk_to=talk_to):
            return in_call.PartParties(call, talk_to)
        case wire.SendDigits(call=call, digits=digits):
            return in_call.SendDigits(call, digits)


def _checked(known: Known) -> Dialable:
    assert known.number is not None, "the hub checks the number first"
    return known.number


def supervisor_action(command: SupervisorCommand) -> commands.SupervisorAction:
    """The core's word for a supervisor's command."""
    match command:
        case wire.Reprioritise(call=call, priority=priority):
            return commands.Reprioritise(call, priority)
        case wire.MoveCaller(call=call, queue=queue):
            return commands.MoveCaller(call, queue)


def _told(problem: dict[str, object]) -> str:
    location = problem["loc"]
    # The first part of a location is the message's type, which the sender knows.
    where = ".".join(str(part) for part in location[1:]) if isinstance(location, tuple) else ""
    return f"{where}: {problem['msg']}" if where else str(problem["msg"])


def _id_of(text: str) -> str | None:
    try:
        message = from_json(text)
    except ValueError:
        return None
    candidate = message.get("id") if isinstance(message, dict) else None
    usable = isinstance(candidate, str) and _ID.fullmatch(candidate)
    return candidate if usable else None
