"""A visit: one request of somebody signed in, with the transaction it runs in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from litestar import Request
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, of which agency, when, and the session in which everything of this request happens.

    `at` is the one instant of the request, in UTC: what one request writes carries one time.
    """

    person: Person
    tenant_name: str
    session: AsyncSession
    at: datetime


def visit_of(request: Request[Any, Any, Any]) -> Visit | None:
    """The visit that this request is part of, for what is shown around a page; None where nobody is signed in."""
    return request.scope["state"].get("visit")
