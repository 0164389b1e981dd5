"""Own fields as values."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from callcenter.crm.definitions.schemas import Code, Defined, Name, OtherName

FieldKind = Literal["text", "number", "date", "choice", "yesno"]
CHOICES_MAX = 100


class Choice(Defined):
    """What is stored is the code, so that names may change."""

    code: Code
    name: Name
    name_zh: OtherName = ""


class OwnField(Defined):
    """`shown`: in the caller's record while he rings. `required`: a form cannot be saved without
    it."""

    code: Code
    name: Name
    name_zh: OtherName = ""
    kind: FieldKind = "text"
    required: bool = False
    shown: bool = False
    choices: Annotated[tuple[Choice, ...], Field(max_length=CHOICES_MAX)] = ()

    @model_validator(mode="after")
    def _choices_fit(self) -> OwnField:
        codes = [choice.code for choice in self.choices]
        if self.kind == "choice" and not codes:
            raise ValueError("a field with choices needs at least one choice")
        if self.kind != "choice" and codes:
            raise ValueError("only a field of the kind 'choice' has choices")
        if len(set(codes)) != len(codes):
            raise ValueError("two choices have the same code")
        return self
