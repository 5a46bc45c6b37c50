"""Whom the key stands for, and the agency's own settings."""

from typing import Annotated
from uuid import UUID

from litestar import Router
from litestar.params import JSONBody
from msgspec import Meta, Struct

from anshou.api.routing import get, put
from anshou.api.visits import Visiting
from anshou.people import agency
from anshou.people.agency import AgencySettings
from anshou.people.permissions import Permission, allows, authorize
from anshou.people.roles import Department, Role, Scope
from tenants.refusals import N_


class Me(Struct, frozen=True, kw_only=True):
    """Whom the key stands for, and what it may do: `permissions` are those of the roles within the key's scopes."""

    id: UUID
    name: Annotated[str, Meta(title=N_("姓名"))]
    agency_code: Annotated[str, Meta(title=N_("公司代码"))]
    agency_name: Annotated[str, Meta(title=N_("代运营公司"))]
    merchant_id: Annotated[UUID | None, Meta(title=N_("代表的商家"))]
    roles: Annotated[list[Role], Meta(title=N_("角色"))]
    departments: Annotated[list[Department], Meta(title=N_("部门"))]
    scopes: Annotated[list[Scope], Meta(title=N_("密钥的权限范围"))]
    permissions: Annotated[list[Permission], Meta(title=N_("权限"))]


@get("/me", summary=N_("我是谁"), operation_id="readMe")
async def read_me(visit: Visiting) -> Me:
    person = visit.person
    return Me(
        id=person.id,
        name=person.name,
        agency_code=visit.tenant.code,
        agency_name=visit.tenant.name,
        merchant_id=person.merchant_id,
        roles=sorted(person.roles),
        departments=sorted(person.departments),
        scopes=sorted(person.scopes or ()),
        permissions=[permission for permission in Permission if allows(person, permission)],
    )


@get("/settings", summary=N_("读取公司设置"), operation_id="readSettings")
async def read_settings(visit: Visiting) -> AgencySettings:
    authorize(visit.person, Permission.READ_SETTINGS)
    return await agency.read_settings(visit.session)


@put("/settings", summary=N_("修改公司设置"), operation_id="changeSettings")
async def change_settings(data: JSONBody[AgencySettings], visit: Visiting) -> AgencySettings:
    await agency.change_settings(visit.session, data, by=visit.person, at=visit.at)
    return data


router = Router("/", tags=[N_("我与公司")], route_handlers=[read_me, read_settings, change_settings])
