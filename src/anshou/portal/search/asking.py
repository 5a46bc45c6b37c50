"""What a search page is asked for, read from its address: what cannot be read narrows nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from anshou.portal.query_values import day_begins, identifier
from anshou.tickets.kinds import Kind, Status
from anshou.tickets.search.asking import LONGEST
from anshou.tickets.search.narrowing import Narrowing, SearchCursor

KEPT = ("q", "kind", "merchant", "status", "since", "until")
"""What the address of a search says, besides where its page continues and from which saved search it came."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as somebody typed and narrowed it; `view` is the saved search that it came from."""

    words: str
    narrowing: Narrowing
    after: SearchCursor | None
    said: Mapping[str, str]
    view: UUID | None = None

    @classmethod
    def read(cls, query: Mapping[str, str], zone: ZoneInfo) -> "Asked":
        """What the query string means. Raises CursorInvalid."""
        until = day_begins(query.get("until"), zone)
        narrowing = Narrowing(
            kind=_one_of(Kind, query.get("kind")),
            merchant=identifier(query.get("merchant")),
            status=_one_of(Status, query.get("status")),
            since=day_begins(query.get("since"), zone),
            # The last day that is meant, whole.
            until=until + timedelta(days=1) if until else None,
        )
        after = SearchCursor.read(query["after"]) if query.get("after") else None
        words = query.get("q", "").strip()[:LONGEST]
        said = {name: value for name in KEPT if (value := query.get(name, "").strip()[:LONGEST])}
        return cls(words, narrowing, after, said, identifier(query.get("view")))

    def address(self, root: str, **changed: str) -> str:
        """The address of this search with something changed, from its first page."""
        came = {"view": str(self.view)} if self.view else {}
        kept = {name: value for name, value in (dict(self.said) | came | changed).items() if value}
        return f"{root}?{urlencode(kept)}" if kept else root


def _one_of(labels: type[Any], value: str | None) -> Any:
    try:
        return labels(value)
    except ValueError:
        return None
