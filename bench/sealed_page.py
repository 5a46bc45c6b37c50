"""CPU of a page of 50 consumers with three masked fields, against the same page with the same texts in plain columns.

Both are pages of the real application: a request with a signed-in person's cookie through sign-in, permission, the
tenant's transaction, one Core statement, the desk's frame and the headers. They differ in the model that is read and in
the opening and masking. The application is called in this process, without an HTTP server that would cost both the
same. The statement, the masks and the bare table alone stand in the detail.
"""

import dataclasses
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment
from litestar import Litestar, Response, Router, get
from litestar.di import NamedDependency, Provide
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, provide_visit
from anshou.main import create_app
from anshou.portal import assets
from anshou.portal.pages import page
from anshou.portal.rendering import TEMPLATES, Rendering
from anshou.settings import read_settings
from bench.asking import Run, alternate, ask
from bench.ground import Ground
from bench.rows import Row, at_most, ratio_of_medians, spread
from bench.sealed_rows import Crowd, PlainConsumer, SealedConsumer
from tenants.context import AGENCY
from tenants.sessions import Tenants
from tests.cast import settle
from tests.portal.visitor import Visitor

ROWS = 50
LIMIT = 1.25

FIELDS = (SealedConsumer.phone, SealedConsumer.name, SealedConsumer.address)
SEALED = select(SealedConsumer.id, SealedConsumer.merchant_id, SealedConsumer.seal_version, *FIELDS)
PLAIN = select(PlainConsumer.id, PlainConsumer.phone, PlainConsumer.name, PlainConsumer.address)

TABLE = Environment(autoescape=True).from_string(
    "<table>{% for id, phone, name, address in rows %}<tr><td><a href='/consumers/{{ id }}'>{{ name }}</a></td>"
    "<td>{{ phone }}</td><td>{{ address }}</td></tr>{% endfor %}</table>"
)

Shown = list[tuple[Any, ...]]


async def page_row(ground: Ground, tenants: Tenants, crowd: Crowd) -> Row:
    """The figure of the page."""
    app = _app(ground, tenants, crowd)
    async with tenants.session(crowd.tenant, AGENCY) as session:
        await settle(session, datetime.now(UTC))
    async with Visitor(app) as visitor:
        await visitor.sign_in("executive", agency=crowd.tenant.code)
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.client.cookies.items())
        for address, masks in (("/bench/sealed", 2 * ROWS), ("/bench/plain", 0)):
            await visitor.go(address)
            if visitor.status != 200 or visitor.text.count("****") != masks or visitor.text.count("<tr>") != ROWS + 1:
                raise AssertionError(f"{address} does not show what it should: {visitor.status}")

    def request(path: str) -> Run:
        async def run() -> None:
            if await ask(app, path, cookie) != 200:
                raise AssertionError(f"{path} was not answered")

        return run

    async def sealed_alone() -> None:
        async with tenants.session(crowd.tenant, AGENCY) as session:
            TABLE.render(rows=await _sealed(session, crowd))

    async def plain_alone() -> None:
        async with tenants.session(crowd.tenant, AGENCY) as session:
            TABLE.render(rows=await _plain(session, crowd))

    ours, plain = await alternate(request("/bench/sealed"), request("/bench/plain"))
    ours_alone, alone = await alternate(sealed_alone, plain_alone)
    return at_most(
        f"{ROWS}-row page with three sealed fields shown masked, CPU, against the same page with plain columns",
        ratio_of_medians(ours, plain),
        LIMIT,
        detail=f"ours {spread(ours)}; plain {spread(plain)}; transaction, statement and bare table alone "
        f"{ratio_of_medians(ours_alone, alone):.2f} ({spread(ours_alone)}; {spread(alone)})",
    )


def _app(ground: Ground, tenants: Tenants, crowd: Crowd) -> Litestar:
    """The application with two pages more."""

    @get("/sealed")
    async def sealed_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
        return page(request, "consumers.html", consumers=await _sealed(visit.session, crowd))

    @get("/plain")
    async def plain_page(request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
        return page(request, "consumers.html", consumers=await _plain(visit.session, crowd))

    assets.build()
    app = create_app(read_settings({}), secret=ground.credentials.secret, tenants=tenants)
    both = (TEMPLATES, Path(__file__).parent / "templates")
    app.state.portal = dataclasses.replace(
        app.state.portal, rendering=Rendering(app.state.static_files, directories=both)
    )
    dependencies = {"visit": Provide(provide_visit)}
    app.register(Router("/bench", route_handlers=[sealed_page, plain_page], dependencies=dependencies))
    return app


async def _sealed(session: AsyncSession, crowd: Crowd) -> Shown:
    query = SEALED.where(SealedConsumer.merchant_id == crowd.merchant).order_by(SealedConsumer.id).limit(ROWS)
    found = (await session.execute(query)).all()
    return crowd.ring.masked_rows(found, SealedConsumer.id, *FIELDS)


async def _plain(session: AsyncSession, crowd: Crowd) -> Shown:
    query = PLAIN.where(PlainConsumer.merchant_id == crowd.merchant).order_by(PlainConsumer.id).limit(ROWS)
    return [tuple(row) for row in (await session.execute(query)).all()]
