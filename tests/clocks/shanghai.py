"""Times as Shanghai's wall clock shows them, which is how the policy speaks of them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(text: str) -> datetime:
    """`2026-11-18 18:00` on Shanghai's wall clock, as a UTC instant."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def shown(at: datetime | None) -> str:
    """A UTC instant as `shanghai` reads it."""
    assert at is not None
    assert at.utcoffset() == UTC.utcoffset(None)
    return at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
