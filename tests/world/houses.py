"""Small centres to play in: configurations as values."""

from __future__ import annotations

from collections.abc import Mapping

from acd.model import Agent, Queue
from callcenter.core.config import (
    CallbackPolicy,
    Config,
    DialLimits,
    Disposition,
    PauseReason,
    RecordingPolicy,
)
from callcenter.core.toll import OutboundRules
from ivr.flow import Flow, Node
from ivr.routes import Route

ADA = Agent("ada", "Ada", skills={"tech": 5}, queues={"support": 1, "sales": 1}, team="red")
BOB = Agent("bob", "Bob", skills={"tech": 3}, queues={"support": 2}, team="red")
CY = Agent("cy", "Cy", queues={"sales": 2}, team="blue")

SUPPORT = Queue("support", "Support", ring_seconds=10, wrap_up_seconds=20)
SALES = Queue("sales", "Sales", ring_seconds=10, wrap_up_seconds=20, wrap_up_mode="optional")

MENU_TIMEOUT_SECONDS = 5.0


def queue_node(queue: str, **settings: object) -> Node:
    ports = {"overflow": "sorry"} if settings.pop("overflow", False) else {}
    return Node(queue, "queue", {"queue": queue, **settings}, ports)


def main_flow(*, support_skill: int = 0, overflow: bool = False) -> Flow:
    """1 sales, 2 support (also for the silent); a queue that sends callers on: voicemail."""
    skills = {"skills": {"tech": support_skill}} if support_skill else {}
    nodes = [
        Node("start", "play", {"prompt": "welcome"}, {"next": "menu"}),
        Node(
            "menu",
            "menu",
            {
                "prompt": "main-menu",
                "label": "Main",
                "retries": 1,
                "timeout_seconds": MENU_TIMEOUT_SECONDS,
                "choices": {"1": "Sales", "2": "Support"},
            },
            {"1": "sales", "2": "support", "timeout": "support", "invalid": "support"},
        ),
        queue_node("sales", overflow=overflow),
        queue_node("support", overflow=overflow, **skills),
        Node("sorry", "voicemail", {"box": "main"}),
    ]
    return Flow("main", "Main", nodes={node.id: node for node in nodes}, languages=("en", "zh"))


def offer_flow() -> Flow:
    """1: be called back by support; else, or when that is not possible, wait there."""
    ports = {"booked": "bye", "declined": "line", "failed": "line", "timeout": "line"}
    settings = {"queue": "support", "prompt": "offer", "retries": 0, "timeout_seconds": 4.0}
    nodes = [
        Node("offer", "callback", settings, ports),
        Node("line", "queue", {"queue": "support"}),
        Node("bye", "hangup", {}),
    ]
    return Flow("offer", "Offer", start="offer", nodes={node.id: node for node in nodes})


def house(
    *queues: Queue,
    agents: tuple[Agent, ...] = (ADA, BOB, CY),
    flow: Flow | None = None,
    version: int = 1,
    callbacks: Mapping[str, CallbackPolicy] | None = None,
    recording: Mapping[str, RecordingPolicy] | None = None,
    outbound: OutboundRules | None = None,
) -> Config:
    return Config(
        version=version,
        queues={queue.id: queue for queue in queues or (SUPPORT, SALES)},
        agents={agent.id: agent for agent in agents},
        flows={"main": flow or main_flow(), "offer": offer_flow()},
        routes=(
            Route("4000", "main", did="4000"),
            *((Route("4001", "offer", did="4001"),) if callbacks else ()),
        ),
        callbacks=callbacks or {},
        recording=recording or {},
        dialling=DialLimits(enabled=bool(callbacks or outbound), shown="+862088888888"),
        outbound=outbound or OutboundRules(),
        pause_reasons=(
            PauseReason("lunch", "Lunch", limit_seconds=1800.0),
            PauseReason("wc", "WC"),
        ),
        dispositions=(
            Disposition("solved", "Solved"),
            Disposition("sold", "Sold", queues=frozenset({"sales"})),
            Disposition("none", "Not said", default=True),
        ),
    )
