"""What all tables share: one metadata with named constraints, and the column types by Python type.

Times are `timestamptz` in UTC; the core's UNIX seconds are converted at the store's edge
(`callcenter.store.times`). Ids that the core knows are short text; our own are UUIDs.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import DateTime, Float, MetaData, String, Text, func, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

ID_MAX = 32
CALL_ID_MAX = 80

AgentId = Annotated[str, mapped_column(String(ID_MAX))]
CallId = Annotated[str, mapped_column(String(CALL_ID_MAX))]
NewUuid = Annotated[
    uuid.UUID, mapped_column(UUID, primary_key=True, server_default=text("gen_random_uuid()"))
]
Created = Annotated[datetime, mapped_column(server_default=func.now())]


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012
        str: Text,
        float: Float(53),
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        list[Any]: JSONB,
        list[str]: ARRAY(Text),
    }
