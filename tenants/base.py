"""The declarative base of every tenant table.

Schema-less on purpose: a tenant's tables are found by the search_path of its own login role.
"""

import enum
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils
import uuid_utils.compat
from sqlalchemy import DateTime, Enum, MetaData, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A uuid7: sorted by creation time, known before the row is written."""
    return uuid_utils.compat.uuid7()


def new_key() -> str:
    """The same as text, at a seventh of the price: for the ids of rows that are written as texts."""
    return str(uuid_utils.uuid7())


class TextsOf(dict[UUID, str]):
    """Ids as texts, each written once: ids repeat in the rows that are written together."""

    def __missing__(self, key: UUID) -> str:
        text = self[key] = str(key)
        return text


class Base(DeclarativeBase):
    """Tenant tables: text without length limits, instants with time zone, structured values as jsonb.

    None is SQL's NULL in a jsonb column too, never JSON's null.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  SQLAlchemy reads this class attribute itself.
        str: Text(),
        UUID: Uuid(),
        datetime: DateTime(timezone=True),
        # Members are kept as their values in text columns, where a CHECK of the migration lists them: a type of its
        # own per schema would break cached statements.
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=False,
            values_callable=lambda members: [member.value for member in members],
        ),
        dict[str, Any]: JSONB(none_as_null=True),
        list[Any]: JSONB(none_as_null=True),
        list[str]: JSONB(none_as_null=True),
    }

    def __init__(self, **values: Any) -> None:
        """Give the row its id at construction, so that it can be named before it is flushed."""
        if "id" in type(self).__mapper__.columns and values.get("id") is None:
            values["id"] = new_id()
        for name, value in values.items():
            if name not in type(self).__mapper__.attrs and not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no attribute {name!r}")
            setattr(self, name, value)


class Row:
    """A row with an opaque primary key."""

    id: Mapped[UUID] = mapped_column(primary_key=True)


class MerchantRow(Row):
    """A row that belongs to one merchant and is fenced by row-level security.

    Foreign keys and uniques of such tables start with `merchant_id`, or they would tell whether another merchant's
    row exists.
    """

    merchant_id: Mapped[UUID]
