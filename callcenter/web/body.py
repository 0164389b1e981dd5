"""The base of every body, sent or received: unknown fields are refused, defaults are told, and a
yes or no is `true` or `false`: neither 0 nor "on", as the document of the API says."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic_core import CoreSchema


def _strict_about_yes_and_no(part: object) -> None:
    if isinstance(part, dict):
        if part.get("type") == "bool":
            part["strict"] = True
        for inner in part.values():
            _strict_about_yes_and_no(inner)
    elif isinstance(part, list):
        for inner in part:
            _strict_about_yes_and_no(inner)


class Body(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_serialization_defaults_required=True
    )

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: type[BaseModel], handler: GetCoreSchemaHandler, /
    ) -> CoreSchema:
        """Pydantic takes words and numbers for a yes or no unless each field says it is strict; to
        be strict with everything would refuse the text that a moment or an id is in JSON."""
        schema = handler(source)
        _strict_about_yes_and_no(schema)
        return schema
