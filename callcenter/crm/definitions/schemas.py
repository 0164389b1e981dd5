"""The base of everything administrators define, and a definition as it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

Kind = Literal[
    "customer_field",
    "ticket_type",
    "macro",
    "follow_up_plan",
    "work_hours",
    "call_form",
    "article_category",
    "web_form",
    "screen_pop",
    "trunk_lines",
]

DEFINITIONS_MAX = 200
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
OtherName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=80)]


class Defined(BaseModel):
    """Unknown members are refused; the same shape in the database and in the API."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_serialization_defaults_required=True
    )


@dataclass(frozen=True, slots=True)
class Definition:
    """`version` grows with each change; a change must name the one that was read."""

    code: str
    position: int
    body: Mapping[str, object]
    version: int
