"""Generated from the table of routes: a stranger sees nothing, whoever the stranger is and whatever page is added.

A page for people who are not signed in has to be named in OPEN.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID

import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from anshou.tickets.kinds import Channel
from anshou.tickets.opening import open_ticket
from anshou.tickets.reports import ServiceReport
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle_boyuan
from tests.portal.gallery import gallery_app
from tests.portal.visitor import Visitor

SECRET_WORDS = "只有云杉与安和知道的事"

# For whoever has not signed in, or needs no agency.
OPEN = {
    "/sign-in",
    "/sign-in/code",
    "/language",
    "/theme",
    "/join/{agency}/{token}",
    "/set-password/{agency}/{token}",
    "/static/{name}",
    # The numbers of a page that outlived its session stay silent.
    "/counts",
    # Nor does such a page learn more than that its session is over.
    "/session",
    "/health/live",
    "/health/ready",
}

# Added by the tests themselves.
TESTS_OWN = {"/gallery", "/broken"}

# Says nothing at all to whoever is not signed in: pages whose session may have ended ask for it by themselves.
SILENT = {"/counts", "/live"}

# Names that mean something; any other text is one that nothing is called.
VALUES = {
    "agency": "anhe",
    "token": "x" * 43,
    "name": "accept",
    "kind": "service_quality",
    "side": "staff",
    "code": "working_hours",
    "department": "all",
    "clock": "plan_submission",
    "urgency": "normal",
    "channels": "any",
    "day": "2026-11-24",
    "year": "2028",
}
OF_TYPE: dict[type, str] = {UUID: str(UUID(int=99)), date: "2026-11-23", int: "7"}


def routes() -> Iterator[tuple[str, HTTPRoute]]:
    """Method and route of every page of the portal; the API has its own door and tests."""
    for route in gallery_app().routes:
        if isinstance(route, HTTPRoute) and not route.path_format.startswith("/api/"):
            for method in sorted(route.methods & {"GET", "POST"}):
                if route.path_format not in TESTS_OWN:
                    yield method, route


ROUTES = sorted(routes(), key=lambda pair: (pair[1].path_format, pair[0]))
GUARDED = [(method, route) for method, route in ROUTES if route.path_format not in OPEN]


def filled(route: HTTPRoute, number: str) -> str:
    """The route's path with a value for each parameter: ids of nothing, but the number of a ticket that there is."""
    known = {"number": number} | VALUES
    words = [
        one if isinstance(one, str) else OF_TYPE.get(one.type) or known.get(one.name, "nothing")
        for one in route.path_components
    ]
    return "/" + "/".join(words)


@pytest.fixture
async def number(anhe: Anhe, tenants: Tenants, tenant: Tenant) -> str:
    """The number of a ticket of 云杉 whose every text is secret."""
    async with tenants.session(tenant, anhe.account_manager.context()) as session:
        report = ServiceReport(
            merchant=anhe.yunshan.id,
            channel=Channel.PHONE,
            title=SECRET_WORDS,
            description=SECRET_WORDS,
            request=SECRET_WORDS,
            occurred_on=NOW.date(),
        )
        return (await open_ticket(session, report, by=anhe.account_manager, at=NOW)).number


async def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_page(number: str, visitor: Visitor) -> None:
    visitor.client.follow_redirects = False
    await visitor.go("/sign-in")
    token = visitor.token()
    for method, route in GUARDED:
        path, address = route.path_format, filled(route, number)
        if method == "GET":
            answer = await visitor.client.get(address)
        else:
            answer = await visitor.client.post(address, data={"_token": token})
        if path in SILENT:
            assert (answer.status_code, answer.text) == (204, ""), path
            continue
        assert answer.status_code == 303, (method, path, answer.status_code)
        assert answer.headers["location"].startswith("/sign-in"), (method, path)


async def test_no_form_is_taken_without_its_token(number: str, visitor: Visitor) -> None:
    await visitor.sign_in("manager")
    for method, route in ROUTES:
        if method == "POST":
            path = route.path_format
            answer = await visitor.client.post(filled(route, number), data={})
            assert answer.status_code == 403, (path, answer.status_code)
            assert "页面已过期" in answer.text, path


@pytest.mark.parametrize("login", ["qinghe-owner", "admin", "finance", "auditor"])
async def test_nobody_else_of_the_agency_reads_the_ticket(
    number: str, app: Litestar, visitor: Visitor, login: str
) -> None:
    """Another merchant's owner, and those of the agency who read no tickets; finance and audit see its summary."""
    await visitor.sign_in(login)
    costs = {"/tickets/{number}/costs", "/tickets/{number}/costs/count"}
    summary = frozenset({"/", "/tickets", "/overdue", *costs} if login in ("finance", "auditor") else ())
    await _reads_nothing(visitor, number, but=summary)


async def test_another_agency_reads_nothing(
    number: str, tenants: Tenants, other_tenant: Tenant, visitor: Visitor
) -> None:
    async with tenants.session(other_tenant, AGENCY) as session:
        await settle_boyuan(session)
    for login in ("manager", "admin", "haitang-owner"):
        visitor.client.cookies.clear()
        await visitor.sign_in(login, agency="boyuan")
        await _reads_nothing(visitor, number)


async def _reads_nothing(visitor: Visitor, number: str, but: frozenset[str] = frozenset()) -> None:
    await visitor.go("/account")
    assert visitor.status == 200
    token = visitor.token()
    for method, route in GUARDED:
        path, address = route.path_format, filled(route, number)
        if path == "/sign-out":
            continue
        if method == "GET":
            answer = await visitor.client.get(address)
        else:
            answer = await visitor.client.post(address, data={"_token": token})
        assert answer.status_code < 500, (method, path, answer.status_code)
        if "{number}" in path and path not in but:
            assert answer.status_code in (403, 404), (method, path, answer.status_code)
        if path not in but:
            assert SECRET_WORDS not in answer.text, (method, path)
