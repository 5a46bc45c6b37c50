"""What a query string asks for, read kindly: what cannot be read narrows nothing."""

from datetime import datetime, time
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
