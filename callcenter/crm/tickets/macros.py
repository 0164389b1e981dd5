"""Macros: several changes of a ticket under one name."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callcenter.crm.definitions.schemas import Code, Defined, Name, OtherName


class Macro(Defined):
    """What is empty changes nothing. `types`: kinds of tickets it is offered for, none: all.
    `public`: the remark is an answer to the customer."""

    code: Code
    name: Name
    name_zh: OtherName = ""
    types: tuple[Code, ...] = ()
    stage: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,32}$")] = ""
    reason: Annotated[str, Field(max_length=2000)] = ""
    priority: Annotated[int, Field(ge=0, le=3)] | None = None
    owner_agent: Annotated[str, Field(pattern=r"^[a-z0-9]{0,32}$")] = ""
    comment: Annotated[str, Field(max_length=8000)] = ""
    public: bool = False

    def actions(self) -> dict[str, object]:
        """As `Tickets.apply` takes them."""
        given: dict[str, object] = {
            "stage": self.stage,
            "reason": self.reason,
            "owner_agent": self.owner_agent,
            "comment": self.comment,
            "public": self.public,
        }
        actions = {name: value for name, value in given.items() if value}
        return actions if self.priority is None else actions | {"priority": self.priority}
