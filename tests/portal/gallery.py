"""An application that shows every part of `ui.html` and `fields.html` on one page, as somebody signed in sees it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Litestar, Request, Response, get

from anshou.gate.callers import CALLER, Caller
from anshou.main import create_app
from anshou.people.person import Person
from anshou.people.roles import Department, Role
from anshou.people.web_sessions import Origin
from anshou.portal import assets
from anshou.portal.forms.fields import fields_of
from anshou.portal.forms.reading import read
from anshou.portal.forms.shown import Choices, Shown, show
from anshou.portal.forms.typed import typed_in
from anshou.portal.pages import fragment, page, wants_fragment
from anshou.portal.rendering import TEMPLATES, Rendering
from anshou.settings import read_settings
from anshou.tickets.planning import PlanDraft
from anshou.tickets.service_quality import Analysis, Rating
from anshou.tickets.telling import Meeting
from tenants.registry import Tenant, TenantState
from tenants.sessions import Tenants

SECRET = bytes(range(32))
AGENCY = Tenant(
    id=UUID(int=1), code="anhe", name="安和电商代运营", schema="", role="", state=TenantState.ACTIVE, password_epoch=1
)
AT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)

SOMEBODY = Person(
    id=UUID(int=7),
    name="李雯",
    roles=frozenset({Role.SUPERVISOR, Role.SPECIALIST}),
    departments=frozenset({Department.OPERATIONS}),
)


def _deadline(name: str, text: str, tone: str, icon: str) -> SimpleNamespace:
    return SimpleNamespace(
        id=f"due-{name}",
        text=text,
        tone=tone,
        icon=icon,
        title="首次响应 11-21 10:40 前",
        heading="首次响应：11-21 10:40 前",
        explanation=[
            ("计时起点", "2026-11-21 09:12"),
            ("时限", "10 分钟，按“服务时间”计"),
            ("暂停", "09:20 至 09:48，顺延 28 分钟：等待商家答复"),
        ],
    )


COLLEAGUES = [(str(UUID(int=7)), "李雯"), (str(UUID(int=9)), "陈思")]


def _records() -> list[tuple[str, tuple[Shown, ...]]]:
    """Forms made from shapes: one as it was sent with faults, others as they are offered."""
    choices = Choices(by_widget={"person": COLLEAGUES})
    wrong = read(
        PlanDraft, typed_in([("summary", ""), ("measures[0].action", "重做详情页主图"), ("measures[1].owner", "?")])
    )
    faults = wrong.refusal.fields if wrong.refusal else {}
    return [
        ("提交方案", show(fields_of(PlanDraft), typed=wrong.typed, faults=faults, choices=choices)),
        ("提交原因分析", show(fields_of(Analysis), choices=choices)),
        ("登记跨部门会议", show(fields_of(Meeting), choices=choices)),
        ("评价", show(fields_of(Rating), side="merchant")),
    ]


@get("/gallery")
async def gallery(request: Request[Any, Any, Any]) -> Response[str]:
    """Every part, with and without faults."""
    request.scope["state"][CALLER] = Caller(tenant=AGENCY, person=SOMEBODY, origin=Origin(address="::1"), at=AT)
    values = {
        "due": [
            _deadline("late", "超时 11 小时 58 分", "red", "clock-exclamation"),
            _deadline("soon", "剩余 18 分钟", "amber", "clock"),
            _deadline("fine", "剩余 1 天 4 小时", "green", "clock"),
            _deadline("held", "已暂停", "", "clock-pause"),
        ],
        "earlier": AT - timedelta(days=400),
        "records": _records(),
        "errors": [("title", "请填写“标题”"), ("kind", "请从给出的选项里选择“工单类型”")],
    }
    if wants_fragment(request):
        return fragment(request, "gallery_dialog.html", **values)
    return page(request, "gallery.html", **values)


@get("/broken")
async def broken() -> None:
    """Fails in a way nobody foresaw."""
    raise RuntimeError("a confidential value")


def gallery_app(built: Path | None = None) -> Litestar:
    """The application with the gallery added."""
    assets.build()
    # Nothing on these pages asks the database.
    nowhere = Tenants("postgresql://nobody@127.0.0.1:1/nothing", secret=SECRET)
    app = create_app(read_settings({}), secret=SECRET, tenants=nowhere, built=built)
    app.register(gallery)
    app.register(broken)
    rendering = Rendering(app.state.static_files, directories=(TEMPLATES, Path(__file__).parent / "templates"))
    app.state.portal = replace(app.state.portal, rendering=rendering)
    return app
