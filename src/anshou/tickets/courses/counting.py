"""From what happened to a ticket to its courses. Pure; instants are microseconds since 1970 UTC."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from anshou.people.roles import Department
from anshou.tickets.clocks.figures import SERVICE_HOURS
from anshou.tickets.clocks.instants import MINUTE
from anshou.tickets.clocks.open_time import OpenTime
from anshou.tickets.clocks.rulebook import Rulebook


class History(NamedTuple):
    """What is read of a ticket: each list in the order of time.

    - `ends`: (instant, outcome) of each closing; `reopenings`: instants.
    - `response`: (instant, calendar, department) of its first clock of a first response, if that was met.
    - `stops`: (since, until) of each time in which the merchant was waited for; without an end None.
    - `ratings`: (instant, score, satisfied); `unsatisfied`: when else the merchant was not satisfied.
    """

    merchant_id: str
    ticket_id: str
    kind: str
    category: str | None
    department: str | None
    shop_id: str | None
    owner_id: str | None
    opened: int
    ends: Sequence[tuple[int, str]]
    reopenings: Sequence[int]
    response: tuple[int, str | None, str | None] | None
    stops: Sequence[tuple[int, int | None]]
    ratings: Sequence[tuple[int, int, bool]]
    unsatisfied: Sequence[int]


def courses_of(history: History, rulebook: Rulebook) -> list[dict[str, Any]]:
    """The ticket's courses as rows of `ticket_course`, but for `like_ended_at`, which other tickets decide."""
    starts = [history.opened, *history.reopenings]
    return [_course(history, rulebook, position, started) for position, started in enumerate(starts)]


def _course(history: History, rulebook: Rulebook, position: int, started: int) -> dict[str, Any]:
    ended, outcome = history.ends[position] if position < len(history.ends) else (None, None)
    reopened = position < len(history.reopenings)
    ratings = [one for one in history.ratings if _within(one[0], started, ended)]
    rated = ratings[-1] if ratings else (None, None, None)
    unsatisfied = sum(not satisfied for _, _, satisfied in ratings)
    unsatisfied += sum(_within(at, started, ended) for at in history.unsatisfied)
    row = {
        "merchant_id": history.merchant_id,
        "ticket_id": history.ticket_id,
        "position": position,
        "kind": history.kind,
        "category": history.category,
        "department": history.department,
        "shop_id": history.shop_id,
        "owner_id": history.owner_id,
        "started_at": started,
        "ended_at": ended,
        "outcome": outcome,
        "reopened": reopened,
        "rated_at": rated[0],
        "score": rated[1],
        "satisfied": rated[2],
        "unsatisfied": unsatisfied,
    }
    return row | _response(history, rulebook, position) | _handling(history, rulebook, started, ended)


def _within(at: int, started: int, ended: int | None) -> bool:
    return started <= at and (ended is None or at <= ended)


def _response(history: History, rulebook: Rulebook, position: int) -> dict[str, int | None]:
    if position or history.response is None:
        return {"responded_at": None, "response_minutes": None, "response_open_minutes": None}
    at, calendar, department = history.response
    opening = _open_time(rulebook, calendar or SERVICE_HOURS, department)
    return {
        "responded_at": at,
        "response_minutes": (at - history.opened) // MINUTE,
        "response_open_minutes": opening.between(history.opened, at) // MINUTE,
    }


def _handling(history: History, rulebook: Rulebook, started: int, ended: int | None) -> dict[str, int | None]:
    if ended is None:
        return {"handling_minutes": None, "handling_open_minutes": None}
    opening = _open_time(rulebook, SERVICE_HOURS, None)
    waited = sum(
        opening.between(max(since, started), min(ended if until is None else until, ended))
        for since, until in history.stops
    )
    return {
        "handling_minutes": (ended - started) // MINUTE,
        "handling_open_minutes": (opening.between(started, ended) - waited) // MINUTE,
    }


def _open_time(rulebook: Rulebook, calendar: str, department: str | None) -> OpenTime:
    return rulebook.calendar(calendar, Department(department) if department else None).open_time
