"""What a query string asks for, read kindly: what cannot be read narrows nothing."""

from datetime import datetime, time
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo


def day_begins(day: str | None, zone: ZoneInfo) -> datetime | None:
    """The instant at which a day like `2026-11-20` begins in the zone, or None."""
    try:
        return datetime.combine(datetime.fromisoformat(day or "").date(), time(), zone)
    except ValueError:
        return None


def identifier(value: str | None) -> UUID | None:
    """The id, or None."""
    try:
        return UUID(value or "")
    except ValueError:
        return None


def parsed(address: str) -> dict[str, str]:
    """The query string of an address; of a name that is given several times, the last."""
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True, max_num_fields=200))
