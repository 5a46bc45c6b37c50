"""Who calls: the person behind a cookie, of which agency, from where and when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request

from anshou.people.person import Person
from anshou.people.web_sessions import Origin, SignedIn
from tenants.registry import Tenant

Asked = Request[Any, Any, Any]

CALLER = "caller"


class SignInNeeded(Exception):
    """Raised when a page is for somebody signed in and the request carries no session that holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who asks. `at` is the one instant of the request, in UTC: what one request writes carries one time.

    `signed_in` is the session of the portal; None where an API key acts.
    """

    tenant: Tenant
    person: Person
    origin: Origin
    at: datetime
    signed_in: SignedIn | None = None

    @property
    def agency_name(self) -> str:
        """What the agency wants to be called, else the name under which it was set up."""
        return (self.signed_in.agency_name if self.signed_in else "") or self.tenant.name

    @property
    def zone(self) -> ZoneInfo:
        """The zone of the agency's clocks, in which its portal shows every instant."""
        return self.session.zone

    @property
    def session(self) -> SignedIn:
        """The session of the portal. Raises SignInNeeded for an API key."""
        if self.signed_in is None:
            raise SignInNeeded
        return self.signed_in


def caller_of(request: Asked) -> Caller | None:
    """Who calls, as far as the gate has found out: for what is shown around a page."""
    caller: Caller | None = request.scope["state"].get(CALLER)
    return caller


def origin_of(request: Asked) -> Origin:
    """Where the request comes from; behind a trusted proxy the address is that of its client."""
    return Origin(
        address=request.client.host if request.client else "",
        agent=request.headers.get("user-agent", "")[:300],
    )
