"""Saved views: the lists that the caller keeps under a name, and those that colleagues share with them."""

from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from msgspec import Meta, Struct

from anshou.api.answers import shown
from anshou.api.queries import Query
from anshou.api.routing import get
from anshou.api.visits import Visiting
from anshou.people import saved_views
from anshou.people.permissions import Permission, authorize
from anshou.people.roles import Department
from anshou.people.saved_views import Place, SharedWith
from tenants.refusals import N_


class ViewQuery(Query, frozen=True, kw_only=True):
    """Of which list."""

    place: Annotated[Place, Meta(title=N_("列表"))] = Place.QUEUE


class ViewShown(Struct, frozen=True, kw_only=True):
    """A view. `query` are the parameters of the page's address, every value a list; days are whole days."""

    id: UUID
    name: Annotated[str, Meta(title=N_("视图名称"))]
    place: Annotated[Place, Meta(title=N_("列表"))]
    account_id: Annotated[UUID, Meta(title=N_("所有者"))]
    shared_with: Annotated[SharedWith, Meta(title=N_("共享给"))]
    department: Annotated[Department | None, Meta(title=N_("部门"))]
    query: Annotated[dict[str, list[str]], Meta(title=N_("筛选条件"))]
    columns: Annotated[list[str], Meta(title=N_("显示的列"))]
    sort: Annotated[str, Meta(title=N_("排序"))]


class Views(Struct, frozen=True, kw_only=True):
    """The caller's own views, then those shared with them."""

    items: list[ViewShown]


@get("/views", summary=N_("列出保存的视图"), operation_id="listViews", query=ViewQuery)
async def list_views(asked: NamedDependency[ViewQuery], visit: Visiting) -> Views:
    authorize(visit.person, Permission.READ_TICKET_SUMMARY)
    found = await saved_views.list_views(visit.session, visit.person, asked.place)
    return Views(items=[shown(ViewShown, view) for view in found])


router = Router("/", tags=[N_("工单")], route_handlers=[list_views])
