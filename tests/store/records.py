"""Effects as the core makes them, with defaults for what a test does not care about."""

from __future__ import annotations

from dataclasses import replace

from callcenter.core.effects import (
    CallbackAttempt,
    RecordCallback,
    RecordEvent,
    RecordInteraction,
    RecordJourney,
    RecordPresence,
    RecordSurvey,
    RecordVoicemail,
)

START = 1_790_000_000.0


def event(call: str, sequence: int, **data: object) -> RecordEvent:
    return RecordEvent(call, sequence, START + sequence, "offered", data)


def presence(agent: str, sequence: int) -> RecordPresence:
    return RecordPresence(agent, sequence, START + sequence, "available")


def interaction(call: str, revision: int = 1, **changes: object) -> RecordInteraction:
    made = RecordInteraction(
        call=call,
        revision=revision,
        started_at=START,
        ended_at=START + 60.5,
        number="+8613800138000",
        did="4000",
        customer=None,
        queue="support",
        agent="ada",
        flow="demo",
        outcome="answered",
        ended_by="caller",
        path=("Main menu", "Support"),
        wait_seconds=5.25,
        ring_seconds=2.0,
        talk_seconds=50.0,
        hold_seconds=0.0,
        wrap_up_seconds=0.0,
        offers=1,
        language="en",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def voicemail(id: str, **changes: object) -> RecordVoicemail:
    made = RecordVoicemail(
        id=id,
        call="c1",
        at=START,
        box_kind="queue",
        box="support",
        number="+8613800138000",
        name="王小明",
        customer=None,
        language="zh",
        file=f"{id}.wav",
        seconds=7.5,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def journey(call: str, sequence: int = 1, **changes: object) -> RecordJourney:
    made = RecordJourney(
        call=call,
        sequence=sequence,
        flow="main",
        version=3,
        started_at=START,
        ended_at=START + 20,
        visits=(("hello", "next"), ("menu", "2")),
        last="support",
        ended="queue",
        contained=False,
        language="en",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def survey(call: str, sequence: int = 1, score: int = 5) -> RecordSurvey:
    return RecordSurvey(call, sequence, START, "csat", score, "main", None, "support", "ada")


def callback(id: str, revision: int = 1, **changes: object) -> RecordCallback:
    made = RecordCallback(
        id=id,
        revision=revision,
        contact=id.removeprefix("cb-"),
        queue="support",
        number="+8613911110003",
        name="王小明",
        did="4000",
        language="zh",
        mode="customer-first",
        state="resting",
        outcome="",
        started_at=START,
        asked_at=START + 1,
        asked_by="caller",
        joined_at=START + 0.123456789,
        changed_at=START + 30,
        next_at=START + 330.5,
        time_zone="Asia/Shanghai",
        flow="main",
        path=("Main: 2 Callback",),
        skills={"en": 5},
        asked_priority=1,
        priority=3,
        value_seconds=12.5,
        customer=None,
        call="",
        tries=1,
        attempts=(CallbackAttempt("out-1.1", START + 20.25, "busy"),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]
