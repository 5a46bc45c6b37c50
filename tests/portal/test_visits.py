"""One request is one transaction: committed before the browser hears of it, rolled back by whatever goes wrong."""

from collections.abc import AsyncIterator

import pytest
from litestar import Litestar, Response, Router, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.types import Message, Receive, Scope, Send
from sqlalchemy import text

from anshou.gate.callers import Asked
from anshou.gate.visits import Visit, provide_visit
from anshou.people.agency import AgencySettings, change_settings, read_settings
from tenants.context import AGENCY
from tenants.provisioning import resume_tenant, suspend_tenant
from tenants.refusals import Conflict
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe
from tests.database import Database
from tests.portal.visitor import Visitor


class Occupied(Conflict):
    """Raised when a test wants a refusal."""


@post("/attempt/{what:str}")
async def attempt(what: FromPath[str], request: Asked, visit: NamedDependency[Visit]) -> Response[str]:
    """Write, and then go on as asked."""
    await change_settings(visit.session, AgencySettings(name="改过的名字"), by=visit.person, at=visit.at)
    match what:
        case "refuse":
            raise Occupied("已被占用")
        case "break":
            raise RuntimeError("unforeseen")
        case "mistake":
            await visit.session.execute(text("SELECT 1 / 0"))
        case "swallow":
            try:
                await visit.session.execute(text("SELECT 1 / 0"))
            except Exception:
                return Response("as if nothing had happened")
        case "lose":
            mine = await visit.session.scalar(text("SELECT pg_backend_pid()"))
            superuser = await request.app.state.database.connect_as_superuser()
            await superuser.execute("SELECT pg_terminate_backend($1, 5000)", mine)
            await superuser.close()
    return Response("done")


class Watched:
    """The application, with a look into the database at the moment when an answer begins."""

    def __init__(self, app: Litestar, tenants: Tenants, tenant: Tenant) -> None:
        self.app, self.tenants, self.tenant = app, tenants, tenant
        self.seen: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.seen.append(await name_of(self.tenants, self.tenant))
            await send(message)

        await self.app(scope, receive, watch)


@pytest.fixture
async def admin(app: Litestar, anhe: Anhe, database: Database) -> AsyncIterator[Visitor]:
    """The administrator, signed in to an application that has the page of this test."""
    app.state.database = database
    app.register(Router("/", route_handlers=[attempt], dependencies={"visit": Provide(provide_visit)}))
    async with Visitor(app) as opened:
        await opened.sign_in("admin")
        await opened.go("/account")
        yield opened


async def name_of(tenants: Tenants, tenant: Tenant) -> str:
    async with tenants.session(tenant, AGENCY) as session:
        return (await read_settings(session)).name


async def test_the_transaction_is_committed_before_the_answer_is_sent(
    app: Litestar, admin: Visitor, tenants: Tenants, tenant: Tenant
) -> None:
    watched = Watched(app, tenants, tenant)
    admin.client._transport.app = watched  # type: ignore[attr-defined]
    await admin.send("/attempt/write")
    assert (admin.status, admin.text) == (201, "done")
    assert watched.seen == ["改过的名字"]


@pytest.mark.parametrize(
    ("what", "status", "words"),
    [
        ("refuse", 409, "已被占用"),
        ("break", 500, "系统出错了"),
        ("mistake", 500, "系统出错了"),
        ("swallow", 500, "系统出错了"),
        ("lose", 503, "系统暂时繁忙"),
    ],
)
async def test_whatever_goes_wrong_leaves_nothing_behind_and_is_told(
    admin: Visitor, tenants: Tenants, tenant: Tenant, what: str, status: int, words: str
) -> None:
    await admin.send(f"/attempt/{what}")
    assert admin.status == status
    assert admin.says(words)
    assert admin.says("许静"), "whoever is signed in keeps their navigation"
    assert await name_of(tenants, tenant) == ""


async def test_a_suspended_agency_reads_and_is_told_why_it_cannot_write(
    admin: Visitor, database: Database, tenants: Tenants, tenant: Tenant
) -> None:
    owner = await database.connect_as_owner()
    await suspend_tenant(owner, tenant.code, reason="欠费", at=NOW)
    tenants.forget(tenant)
    try:
        await admin.send("/attempt/write")
        assert admin.status == 409
        assert admin.says("服务已暂停")
        assert admin.says("请联系平台运营方恢复服务")
        await admin.go("/account")
        assert admin.status == 200
        assert admin.says("目前只能查看")
    finally:
        await resume_tenant(owner, tenant.code, at=NOW)
        await owner.close()
        tenants.forget(tenant)
    assert await name_of(tenants, tenant) == ""


async def test_a_form_that_is_not_ours_opens_no_transaction(admin: Visitor, tenants: Tenants, tenant: Tenant) -> None:
    answer = await admin.client.post("/attempt/write", data={})
    assert answer.status_code == 403
    assert await name_of(tenants, tenant) == ""
