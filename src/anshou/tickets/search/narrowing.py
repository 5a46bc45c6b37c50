"""What narrows a search, and where its pages continue. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from anshou.tickets.errors import CursorInvalid
from anshou.tickets.kinds import Kind, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """None narrows nothing. Opened at or after `since`, before `until` (UTC)."""

    kind: Kind | None = None
    merchant: UUID | None = None
    status: Status | None = None
    since: datetime | None = None
    until: datetime | None = None


NOTHING_NARROWED = Narrowing()


@dataclass(frozen=True, slots=True)
class SearchCursor:
    """Where a page of hits ended: below which instant and id the candidates began, and how many of them are done."""

    at: Annotated[datetime, Meta(tz=True)]
    id: UUID
    done: Annotated[int, Meta(ge=0)]
    loosely: bool

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}~{self.done}~{'loosely' if self.loosely else ''}"

    @classmethod
    def read(cls, text: str) -> "SearchCursor":
        """The cursor of its text. Raises CursorInvalid."""
        try:
            at, ident, done, loosely = text.split("~")
            cursor = cls(datetime.fromisoformat(at), UUID(ident), int(done), loosely == "loosely")
        except ValueError:
            raise CursorInvalid from None
        if cursor.at.tzinfo is None or cursor.done < 0:
            raise CursorInvalid
        return cursor
