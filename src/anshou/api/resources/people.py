"""People: colleagues to hand work to, the list of people, what each is permitted, who is kept out."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from anshou.api.answers import Listing, Page, shown
from anshou.api.cursors import pack, unpack
from anshou.api.queries import Paging, Query
from anshou.api.routing import get, post, put
from anshou.api.visits import ApiVisit, Visiting
from anshou.people import accounts, cards, grants, serving, suspending
from anshou.people.accounts import Account, Card, Locale, Side
from anshou.people.grants import Grant
from anshou.people.permissions import Permission, authorize
from anshou.people.roles import Department, Role
from anshou.people.serving import Place
from tenants.refusals import N_


class ColleagueQuery(Query, frozen=True, kw_only=True):
    """Which colleagues."""

    role: Annotated[Role | None, Meta(title=N_("角色"))] = None
    department: Annotated[Department | None, Meta(title=N_("部门"))] = None
    merchant: Annotated[UUID | None, Meta(title=N_("负责该商家"))] = None


class PeopleQuery(Paging, frozen=True, kw_only=True):
    """Which side's people."""

    side: Annotated[Side, Meta(title=N_("所属"))] = Side.STAFF


class ColleagueShown(Struct, frozen=True, kw_only=True):
    """Somebody of the agency to hand work to."""

    id: UUID
    name: Annotated[str, Meta(title=N_("姓名"))]
    title: Annotated[str, Meta(title=N_("职位"))]


class PersonShown(Struct, frozen=True, kw_only=True):
    """Somebody in the list of people."""

    id: UUID
    side: Annotated[Side, Meta(title=N_("所属"))]
    name: Annotated[str, Meta(title=N_("姓名"))]
    title: Annotated[str, Meta(title=N_("职位"))]
    login: Annotated[str, Meta(title=N_("登录名"))]
    email: Annotated[str | None, Meta(title=N_("邮箱"))]
    created_at: Annotated[datetime, Meta(title=N_("加入时间"))]
    is_suspended: Annotated[bool, Meta(title=N_("是否已停用"))]
    grants: Annotated[list[Grant], Meta(title=N_("角色"))]
    merchant_ids: Annotated[list[UUID], Meta(title=N_("负责的商家"))]
    places: Annotated[list[Place], Meta(title=N_("所属商家"))]


class CardShown(Struct, frozen=True, kw_only=True):
    """Somebody's card."""

    id: UUID
    side: Annotated[Side, Meta(title=N_("所属"))]
    name: Annotated[str, Meta(title=N_("姓名"))]
    title: Annotated[str, Meta(title=N_("职位"))]
    locale: Annotated[Locale, Meta(title=N_("语言"))]
    created_at: Annotated[datetime, Meta(title=N_("加入时间"))]
    suspended_at: Annotated[datetime | None, Meta(title=N_("停用时间"))]


class GrantsWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All the roles that somebody is to hold."""

    grants: Annotated[tuple[Grant, ...], Meta(title=N_("角色"), max_length=20)]


class AssignmentsWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All the merchants that somebody is to serve."""

    merchants: Annotated[tuple[UUID, ...], Meta(title=N_("负责的商家"), max_length=1000)]


class PlacesWanted(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All the places that somebody is to have at merchants."""

    places: Annotated[tuple[Place, ...], Meta(title=N_("所属商家"), max_length=100)]


@get("/colleagues", summary=N_("列出同事"), operation_id="listColleagues", query=ColleagueQuery)
async def list_colleagues(asked: NamedDependency[ColleagueQuery], visit: Visiting) -> Listing[ColleagueShown]:
    authorize(visit.person, Permission.READ_PEOPLE)
    found = await cards.colleagues(
        visit.session, role=asked.role, department=asked.department, merchant_id=asked.merchant
    )
    return Listing(items=[shown(ColleagueShown, one) for one in found])


@get("/people", summary=N_("列出人员"), operation_id="listPeople", query=PeopleQuery)
async def list_people(asked: NamedDependency[PeopleQuery], visit: Visiting) -> Page[PersonShown]:
    name = f"people {asked.side}"
    after = unpack(asked.after, name, None, tuple[str, UUID]) if asked.after else None
    found = await cards.list_people(visit.session, asked.side, by=visit.person, after=after, limit=asked.limit + 1)
    lists = ("grants", "merchant_ids", "places")
    page = [shown(PersonShown, one, **{field: list(getattr(one, field)) for field in lists}) for one in found]
    page = page[: asked.limit]
    more = len(found) > asked.limit
    return Page(items=page, next=pack(name, None, (page[-1].name, page[-1].id)) if more else None)


@get("/people/{person_id:uuid}", summary=N_("读取人员"), operation_id="readPerson")
async def read_person(person_id: FromPath[UUID], visit: Visiting) -> CardShown:
    return shown(CardShown, await _account(visit, person_id))


@put("/people/{person_id:uuid}", summary=N_("修改人员"), operation_id="changePerson")
async def change_person(person_id: FromPath[UUID], data: JSONBody[Card], visit: Visiting) -> CardShown:
    account = await _account(visit, person_id)
    await accounts.change_card(visit.session, account, data, by=visit.person)
    return shown(CardShown, account)


@put("/people/{person_id:uuid}/roles", summary=N_("设置角色"), operation_id="setRoles")
async def set_roles(person_id: FromPath[UUID], data: JSONBody[GrantsWanted], visit: Visiting) -> Listing[Grant]:
    account = await _account(visit, person_id)
    await grants.set_grants(visit.session, account, data.grants, by=visit.person, at=visit.at)
    held = await grants.grants_of(visit.session, account.id)
    return Listing(items=sorted(held, key=lambda grant: (grant.role, grant.department or "")))


@put("/people/{person_id:uuid}/assignments", summary=N_("分配商家"), operation_id="setAssignments")
async def set_assignments(
    person_id: FromPath[UUID], data: JSONBody[AssignmentsWanted], visit: Visiting
) -> Listing[UUID]:
    account = await _account(visit, person_id)
    await serving.set_assignments(visit.session, account, data.merchants, by=visit.person, at=visit.at)
    return Listing(items=await serving.assigned_to(visit.session, account.id))


@put("/people/{person_id:uuid}/places", summary=N_("设置所属商家"), operation_id="setPlaces")
async def set_places(person_id: FromPath[UUID], data: JSONBody[PlacesWanted], visit: Visiting) -> Listing[Place]:
    account = await _account(visit, person_id)
    await serving.set_places(visit.session, account, data.places, by=visit.person, at=visit.at)
    return Listing(items=await serving.places_of(visit.session, account.id))


@post("/people/{person_id:uuid}/suspend", summary=N_("停用人员"), operation_id="suspendPerson", status_code=200)
async def suspend_person(person_id: FromPath[UUID], visit: Visiting) -> CardShown:
    account = await _account(visit, person_id)
    await suspending.suspend(visit.session, account, by=visit.person, at=visit.at)
    return shown(CardShown, account)


@post("/people/{person_id:uuid}/resume", summary=N_("恢复人员"), operation_id="resumePerson", status_code=200)
async def resume_person(person_id: FromPath[UUID], visit: Visiting) -> CardShown:
    account = await _account(visit, person_id)
    await suspending.resume(visit.session, account, by=visit.person, at=visit.at)
    return shown(CardShown, account)


async def _account(visit: ApiVisit, person_id: UUID) -> Account:
    return await accounts.visible_account(visit.session, person_id, by=visit.person)


router = Router(
    "/",
    tags=[N_("人员")],
    route_handlers=[
        list_colleagues,
        list_people,
        read_person,
        change_person,
        set_roles,
        set_assignments,
        set_places,
        suspend_person,
        resume_person,
    ],
)
