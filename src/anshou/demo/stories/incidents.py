"""What can go wrong on the way of a demo ticket, and spans of time in words."""

from datetime import timedelta
from enum import Flag, auto


class Incident(Flag):
    """What went wrong on the way; several may come together."""

    NONE = 0
    SENT_BACK = auto()
    REJECTED = auto()
    UNSATISFIED = auto()
    HELD = auto()
    ESCALATED = auto()
    MEETING = auto()
    SLOW = auto()
    OUTSIDE = auto()


def minutes(number: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=number)


def hours(number: float) -> timedelta:
    """So many hours."""
    return timedelta(hours=number)


def days(number: float) -> timedelta:
    """So many days."""
    return timedelta(days=number)
