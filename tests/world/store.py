"""The database as the core sees it: it answers look-ups after a while and keeps records by id."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from callcenter.core.commands import CustomerCard
from callcenter.core.effects import (
    AskData,
    LookUpCaller,
    RecordCallback,
    RecordEvent,
    RecordInteraction,
    RecordJourney,
    RecordPart,
    RecordPresence,
    RecordSurvey,
    RecordTalk,
    RecordVoicemail,
    StoreEffect,
)
from callcenter.core.inputs import CallbacksFound, CallerKnown, DataLookedUp, Input
from tests.world.agenda import Agenda


class FakeStore:
    """Writing the same id again with the same words changes nothing; with other words it is a
    breach of `exactly once`, and raises."""

    def __init__(self, agenda: Agenda, answer: Callable[[Input], None]) -> None:
        self.agenda = agenda
        self.answer = answer
        self.answer_seconds: Callable[[], float] = lambda: 0.02
        self.cards: dict[str, tuple[CustomerCard, ...]] = {}
        self.data: Mapping[str, object] = {}
        self.time_zone = ""
        self.callbacks: dict[str, RecordCallback] = {}
        self.events: dict[tuple[str, int], RecordEvent] = {}
        self.interactions: dict[str, RecordInteraction] = {}
        self.presences: dict[tuple[str, int], RecordPresence] = {}
        self.voicemails: dict[str, RecordVoicemail] = {}
        self.talks: dict[str, RecordTalk] = {}
        self.journeys: dict[tuple[str, int], RecordJourney] = {}
        self.parts: dict[tuple[str, int], RecordPart] = {}
        self.surveys: dict[tuple[str, int], RecordSurvey] = {}
        self.presence_now: dict[str, RecordPresence] = {}

    def perform(self, effect: StoreEffect) -> None:
        match effect:
            case LookUpCaller():
                cards = self.cards.get(effect.number, ())
                known = CallerKnown(effect.call, effect.number, cards)
                self.agenda.after(self.answer_seconds(), lambda: self.answer(known))
            case AskData():
                values, error = self.data, ""
                if effect.source == "dialable":
                    values, error = self.dialable(str(effect.arguments["number"]))
                found = DataLookedUp(effect.call, effect.token, values, error)
                self.agenda.after(self.answer_seconds(), lambda: self.answer(found))
            case RecordEvent():
                old = self.events.setdefault((effect.call, effect.sequence), effect)
                assert old == effect, f"two events with one number: {old} and {effect}"
            case RecordPresence():
                self.presence_now[effect.agent] = effect
                seen = self.presences.setdefault((effect.agent, effect.sequence), effect)
                assert seen == effect, f"two presences with one number: {seen} and {effect}"
            case RecordPart():
                earlier = self.parts.get((effect.call, effect.part))
                if earlier is None or effect.revision > earlier.revision:
                    self.parts[effect.call, effect.part] = effect
                elif effect.revision == earlier.revision:
                    assert earlier == effect, f"two parts: {earlier} and {effect}"
            case RecordVoicemail():
                left = self.voicemails.setdefault(effect.id, effect)
                same = replace(effect, at=left.at, seconds=left.seconds, customer=left.customer)
                assert left == same, f"two messages of one name: {left} and {effect}"
            case RecordTalk():
                taped = self.talks.get(effect.id)
                if taped is None or effect.revision > taped.revision:
                    self.talks[effect.id] = effect
                elif effect.revision == taped.revision:
                    assert taped == effect, f"two recordings: {taped} and {effect}"
            case RecordJourney():
                way = self.journeys.setdefault((effect.call, effect.sequence), effect)
                assert way == effect, f"two journeys with one number: {way} and {effect}"
            case RecordSurvey():
                score = self.surveys.setdefault((effect.call, effect.sequence), effect)
                assert score == effect, f"two scores with one number: {score} and {effect}"
            case RecordCallback():
                known_as = self.callbacks.get(effect.id)
                if known_as is None or effect.revision > known_as.revision:
                    self.callbacks[effect.id] = effect
                elif effect.revision == known_as.revision:
                    assert known_as == effect, f"two callbacks: {known_as} and {effect}"
            case RecordInteraction():
                before = self.interactions.get(effect.call)
                if before is None or effect.revision > before.revision:
                    self.interactions[effect.call] = effect
                elif effect.revision == before.revision:
                    assert before == effect, f"two interactions: {before} and {effect}"

    def dialable(self, number: str) -> tuple[Mapping[str, object], str]:
        if not number.startswith("+"):
            return {}, "this is not a telephone number"
        return {"number": number, "time_zone": self.time_zone}, ""

    def open_callbacks(self) -> CallbacksFound:
        """What a new process is told."""
        rows = sorted(self.callbacks.values(), key=lambda row: row.id)
        return CallbacksFound(tuple(rows))

    def timeline(self, call: str) -> list[str]:
        return [event.kind for event in self.lines(call)]

    def lines(self, call: str) -> list[RecordEvent]:
        return [self.events[key] for key in sorted(self.events) if key[0] == call]
