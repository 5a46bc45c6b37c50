"""The registry: which tenants there are and where each one lives."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tenants.refusals import N_

COLUMNS = "id, code, name, schema_name, role_name, password_epoch, state, revision"


class TenantState(StrEnum):
    """Whether a tenant may write."""

    ACTIVE = "active"
    SUSPENDED = "suspended"

    @property
    def label(self) -> str:
        return {TenantState.ACTIVE: N_("正常"), TenantState.SUSPENDED: N_("已暂停")}[self]


@dataclass(frozen=True, slots=True)
class Tenant:
    """One agency: its code is what its people type at sign-in, its schema and role are opaque."""

    id: UUID
    code: str
    name: str
    schema: str
    role: str
    state: TenantState
    password_epoch: int = 1
    revision: str | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Tenant":
        """From a row of `control.tenant` with COLUMNS."""
        return cls(
            id=row["id"],
            code=row["code"],
            name=row["name"],
            schema=row["schema_name"],
            role=row["role_name"],
            state=TenantState(row["state"]),
            password_epoch=row["password_epoch"],
            revision=row["revision"],
        )


async def find_tenant(control: AsyncConnection, *, code: str) -> Tenant | None:
    return await _find(control, "code = :value", code)


async def find_tenant_by_id(control: AsyncConnection, tenant_id: UUID) -> Tenant | None:
    return await _find(control, "id = :value", tenant_id)


async def list_tenants(control: AsyncConnection) -> list[Tenant]:
    """Every tenant, by code."""
    rows = await control.execute(text(f"SELECT {COLUMNS} FROM control.tenant ORDER BY code"))  # noqa: S608  as above
    return [Tenant.from_row(dict(row)) for row in rows.mappings()]


async def _find(control: AsyncConnection, condition: str, value: object) -> Tenant | None:
    statement = text(f"SELECT {COLUMNS} FROM control.tenant WHERE {condition}")  # noqa: S608  constants above
    row = (await control.execute(statement, {"value": value})).mappings().one_or_none()
    return Tenant.from_row(dict(row)) if row is not None else None
