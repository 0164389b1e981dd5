"""Nodes that speak and go on by themselves."""

from __future__ import annotations

from ivr.asks import Answer, Play, PromptItem
from ivr.flow import Node
from ivr.nodes.kind import NEXT, Field, Kind, Run, Step, fields
from ivr.nodes.types import prompt

PROMPT = Field("prompt", prompt(), "the prompt to play", "", required=True)


def said(prompt_id: str) -> tuple[PromptItem, ...]:
    return (PromptItem("prompt", prompt_id),)


def _play(node: Node, run: Run) -> Step:
    return Play(said(PROMPT.of(node)))


def _played(node: Node, run: Run, answer: Answer) -> Step:
    return "next"


PLAY = Kind("play", "Says a prompt and goes on.", _play, _played, fields(PROMPT), (NEXT,))

SPEECH = (PLAY,)
